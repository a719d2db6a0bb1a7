using Slipway.Core;
using Slipway.Inference.Requests;

namespace Slipway.Inference.Scheduling;

/// <summary>Lets a request into the queue of a model, or says when to come back. Guarded by the queue's gate.</summary>
internal sealed class QueueAdmission(
    string modelName, RequestQueue queue, BatchChooser chooser, InstanceSlots slots, RunTimeEstimator runTimes, TimeProvider time)
{
    /// <summary>Refuses a request that does not fit beside what waits.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.Overloaded"/>, with a time after which to try again.</exception>
    public void ThrowIfFull(in RequestSize size, IBatchPolicy policy)
    {
        bool startsAtOnce = queue.Count == 0 && slots.HasFree;
        if (!queue.HasRoomFor(size.Rows, size.Bytes, startsAtOnce))
        {
            throw new SlipwayException(ErrorCode.Overloaded, $"Exceeds maximum queue size of model '{modelName}'") { RetryAfter = RetryAfter(policy) };
        }
    }

    // What waits, at the pace of late; between one second, the smallest that HTTP can say, and half a minute.
    private TimeSpan RetryAfter(IBatchPolicy policy)
    {
        long perRun = runTimes.Estimate(1);
        double runs = (double)chooser.RunsWanted(policy) / slots.Max;
        double seconds = perRun == long.MaxValue ? 1 : perRun / (double)time.TimestampFrequency * runs;
        return TimeSpan.FromSeconds(Math.Clamp(Math.Ceiling(seconds), 1, 30));
    }
}
