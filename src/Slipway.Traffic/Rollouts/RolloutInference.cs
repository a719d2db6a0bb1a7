using Slipway.Core;

namespace Slipway.Traffic.Rollouts;

/// <summary>Remembers who answered, around the routing, where a rollout asks for feedback; everything else passes untouched. Thread-safe.</summary>
internal sealed class RolloutInference(IInferenceService routed, RolloutControl rollouts) : IInferenceService
{
    /// <inheritdoc/>
    public ValueTask<InferenceResponse> InferAsync(InferenceRequest request, CancellationToken cancellationToken) =>
        rollouts.QualityOf(request.ModelName) is { } quality ? WatchAsync(quality, request, cancellationToken) : routed.InferAsync(request, cancellationToken);

    private async ValueTask<InferenceResponse> WatchAsync(QualityWatch quality, InferenceRequest request, CancellationToken cancellationToken)
    {
        QualityWatch.AskedRequest asked = quality.Begin(request);
        InferenceResponse response = await routed.InferAsync(request, cancellationToken);
        if (response.Assignment is { } assignment)
        {
            quality.Remember(asked, assignment);
        }

        return response;
    }
}
