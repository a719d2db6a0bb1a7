namespace Slipway.Inference.Statistics;

/// <summary>Counters of the batches of one size.</summary>
internal sealed class BatchCounter
{
    public long Count;
    public long InputTicks;
    public long ComputeTicks;
    public long OutputTicks;

    public void Add(in RunTimes times)
    {
        Interlocked.Increment(ref Count);
        Interlocked.Add(ref ComputeTicks, times.Compute);
        if (times.Input + times.Output != 0)
        {
            Interlocked.Add(ref InputTicks, times.Input);
            Interlocked.Add(ref OutputTicks, times.Output);
        }
    }
}
