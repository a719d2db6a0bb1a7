using System.Diagnostics;
using Slipway.Core;
using Slipway.Inference.Requests;
using Slipway.Inference.Statistics;
using Slipway.Inference.Telemetry;

namespace Slipway.Inference.Scheduling;

/// <summary>Runs the requests of one loaded version. Thread-safe.</summary>
internal sealed class ModelExecutor(ServableRuntime servable, TimeProvider time) : IDisposable
{
    /// <summary>Requests waiting now.</summary>
    public int Pending { get; private set; }

    /// <summary>Answers one request.</summary>
    /// <param name="request">Not touched any more once the task has completed.</param>
    /// <param name="started">When it arrived, as a timestamp of the server's clock.</param>
    /// <param name="cancellationToken">The caller went away.</param>
    public ValueTask<InferenceResponse> InferAsync(InferenceRequest request, long started, CancellationToken cancellationToken)
    {
        try
        {
            return new ValueTask<InferenceResponse>(RunInline(request, started, cancellationToken));
        }
        catch (Exception exception)
        {
            servable.Statistics.Failed(time.GetTimestamp() - started);
            return ValueTask.FromException<InferenceResponse>(EngineFailure.Translate(exception, servable.Info.ModelName, cancellationToken));
        }
    }

    /// <summary>Gives back what it holds; no request may be under way.</summary>
    public void Dispose()
    {
    }

    private InferenceResponse RunInline(InferenceRequest request, long started, CancellationToken cancellationToken)
    {
        ServableContract contract = servable.Contract;
        InputSlots slots = default;
        int count = contract.Inputs.Length;
        Span<Tensor?> inputs = count <= InputSlots.Capacity ? ((Span<Tensor?>)slots)[..count] : new Tensor?[count];
        RequestSize size = RequestBinder.Bind(contract, request, inputs);
        int[] outputs = RequestBinder.BindOutputs(contract, request);
        if (request.Deadline is { } deadline && time.GetTimestamp() >= deadline)
        {
            throw new SlipwayException(ErrorCode.DeadlineExceeded, "Request timeout expired");
        }

        using Activity? activity = InferenceActivity.StartRun(servable.Info.ModelName, servable.Info.Version, size.Rows);
        long before = time.GetTimestamp();
        Tensor[] answer = servable.Model.Run(inputs, outputs, cancellationToken);
        long end = time.GetTimestamp();
        RunTimes times = new(0, end - before, 0);
        servable.Statistics.Ran(size.Rows, times);
        servable.Statistics.Succeeded(size.Rows, end, end - started, 0, times);
        return new InferenceResponse
        {
            Servable = servable.Info,
            Outputs = answer,
            Timings = new InferenceTimings(TimeSpan.Zero, TimeSpan.Zero, time.GetElapsedTime(before, end), TimeSpan.Zero, size.Rows, CacheHit: false),
        };
    }
}
