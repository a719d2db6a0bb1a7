namespace Slipway.Cli.Benchmarking;

/// <summary>
/// Says when requests are due at a fixed rate, shared by all connections. A connection that was busy when its request fell due sends it late, and the wait counts:
/// otherwise a server that stalls would hide its stall by stalling the generator too (coordinated omission).
/// </summary>
/// <param name="rate">Requests per second.</param>
/// <param name="time">The clock.</param>
internal sealed class ArrivalSchedule(double rate, TimeProvider time)
{
    private readonly long _begin = time.GetTimestamp();
    private long _next = -1;

    /// <summary>Takes the next request of the schedule.</summary>
    /// <returns>The clock's timestamp at which it is due.</returns>
    public long TakeNext() => _begin + (long)(Interlocked.Increment(ref _next) / rate * time.TimestampFrequency);
}
