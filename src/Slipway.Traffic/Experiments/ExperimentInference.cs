using Slipway.Core;
using Slipway.Traffic.Arms;
using Slipway.Traffic.Routing;

namespace Slipway.Traffic.Experiments;

/// <summary>
/// Watches what sticky entities get, around the routing. An entity counts for the arm that it was assigned to, whoever stood in for that arm: what callers get of an arm is what is compared.
/// Thread-safe.
/// </summary>
internal sealed class ExperimentInference(IInferenceService routed, TrafficService traffic, ExperimentService experiments, TimeProvider time) : IInferenceService
{
    /// <inheritdoc/>
    public ValueTask<InferenceResponse> InferAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        IReadOnlyList<LiveExperiment> watching = experiments.On(request.ModelName);
        return watching.Count > 0 && traffic.Assign(request) is { } assignment
            ? WatchAsync(watching, assignment, request, cancellationToken)
            : routed.InferAsync(request, cancellationToken);
    }

    private async ValueTask<InferenceResponse> WatchAsync(
        IReadOnlyList<LiveExperiment> watching, StickyAssignment assignment, InferenceRequest request, CancellationToken cancellationToken)
    {
        foreach (LiveExperiment experiment in watching)
        {
            experiment.Expose(assignment, request);
        }

        long started = time.GetTimestamp();
        try
        {
            InferenceResponse response = await routed.InferAsync(request, cancellationToken);
            Finish(watching, assignment, time.GetElapsedTime(started), hasFailed: false);
            return response;
        }
        catch (Exception failure) when (ArmRunner.IsArmsOwn(ArmRunner.CodeOf(failure)))
        {
            // A caller who went away, or asked for nonsense, says nothing about the arm.
            Finish(watching, assignment, time.GetElapsedTime(started), hasFailed: true);
            throw;
        }
    }

    private static void Finish(IReadOnlyList<LiveExperiment> watching, StickyAssignment assignment, TimeSpan duration, bool hasFailed)
    {
        foreach (LiveExperiment experiment in watching)
        {
            experiment.Finish(assignment, duration, hasFailed);
        }
    }
}
