using Slipway.Core;

namespace Slipway.Inference.Scheduling;

/// <summary>
/// Runs what waits together: at once when the batch is full, of a preferred size, or has waited as long as was promised; sooner when nobody is expected in time.
/// </summary>
internal sealed class DynamicBatchPolicy : IBatchPolicy
{
    private readonly TimeSpan _maxDelay;
    private readonly int[] _preferred;
    private readonly int[] _allowed;

    /// <param name="config">What the model's owner asked for, already checked.</param>
    /// <param name="maxRows">Most rows in a batch.</param>
    public DynamicBatchPolicy(BatchingConfig config, int maxRows)
    {
        MaxRows = maxRows;
        _maxDelay = config.MaxQueueDelay;
        _preferred = [.. config.PreferredBatchSizes];
        _allowed = [.. config.AllowedBatchSizes];
    }

    public int MaxRows { get; }

    public BatchAction Decide(in QueueSnapshot queue)
    {
        if (queue.Rows == 0)
        {
            return BatchAction.Idle;
        }

        if (queue.Rows >= MaxRows)
        {
            return BatchAction.Run(MaxRows, BatchCloseReason.Full);
        }

        if (LargestPreferred(queue.Rows) is > 0 and var preferred)
        {
            return BatchAction.Run(preferred, BatchCloseReason.Preferred);
        }

        TimeSpan left = _maxDelay - queue.OldestAge;
        if (left <= TimeSpan.Zero)
        {
            return BatchAction.Run(MaxRows, _maxDelay == TimeSpan.Zero ? BatchCloseReason.Idle : BatchCloseReason.Delay);
        }

        // Waiting costs everyone here and pays only if somebody comes.
        return queue.ArrivalGap > left ? BatchAction.Run(MaxRows, BatchCloseReason.Early) : BatchAction.WaitFor(left);
    }

    public int PaddedRows(int rows)
    {
        foreach (int size in _allowed)
        {
            if (size >= rows)
            {
                return size;
            }
        }

        return rows;
    }

    private int LargestPreferred(long rows)
    {
        int largest = 0;
        foreach (int size in _preferred)
        {
            largest = size <= rows ? size : largest;
        }

        return largest;
    }
}
