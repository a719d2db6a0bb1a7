using System.Diagnostics;
using Slipway.Core;
using Slipway.Inference.Requests;
using Slipway.Inference.Statistics;

namespace Slipway.Inference.Scheduling;

/// <summary>A request in the queue or in a batch. Its state is guarded by the queue's gate; the answer is given outside of it, once.</summary>
internal sealed class PendingRequest(Tensor?[] inputs, int[] outputs, RequestSize size, long arrived, CancellationToken cancellationToken)
{
    // Whoever waits goes on elsewhere: a thread that runs models has its next batch to see to.
    private readonly TaskCompletionSource<InferenceResponse> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Inputs in the engine's order.</summary>
    public Tensor?[] Inputs { get; } = inputs;

    /// <summary>The engine's positions of the outputs wanted, in the order wanted.</summary>
    public int[] Outputs { get; } = outputs;

    public RequestSize Size { get; } = size;

    public int Rows => Size.Rows;

    public long Bytes => Size.Bytes;

    /// <summary>Whether it is run as it is: with no other, not padded, not cut up.</summary>
    public bool IsAlone => Size.IsAlone || Size.Rows == 0;

    /// <summary>Timestamp of its arrival.</summary>
    public long Arrived { get; } = arrived;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>1 is the most urgent.</summary>
    public int Level { get; init; } = 1;

    /// <summary>Timestamp from which it is not worth running any more; <see cref="long.MaxValue"/>: never.</summary>
    public long Expiry { get; init; } = long.MaxValue;

    /// <summary>Timestamp at which the caller stops waiting; <see cref="long.MaxValue"/>: never.</summary>
    public long Deadline { get; init; } = long.MaxValue;

    /// <summary>Position in the order of arrival.</summary>
    public long Sequence { get; set; }

    /// <summary>The requests it may share a batch with; null before it is in the queue.</summary>
    public BatchClass? Class { get; set; }

    public PendingState State { get; set; }

    /// <summary>Completes with the answer.</summary>
    public Task<InferenceResponse> Answer => _answer.Task;

    /// <summary>When it was taken out of the queue to run.</summary>
    public long Taken { get; set; }

    /// <summary>Where the time of its run went.</summary>
    public RunTimes Times { get; set; }

    /// <summary>The span of the caller's request; empty when nobody listens.</summary>
    public ActivityContext Caller { get; init; }

    /// <summary>Answers.</summary>
    public void Succeed(InferenceResponse response)
    {
        if (!_answer.TrySetResult(response))
        {
            response.Dispose();
        }
    }

    /// <summary>Fails.</summary>
    public void Fail(SlipwayException exception) => _answer.TrySetException(exception);
}
