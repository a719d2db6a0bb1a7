namespace Slipway.Traffic.Hosting;

/// <summary>Work that is done again and again while the host runs.</summary>
internal static class Rounds
{
    /// <summary>Does one round at each tick of the clock, the next one when the last is over, until the host stops; a stop ends it quietly.</summary>
    /// <param name="every">Time between rounds.</param>
    /// <param name="time">The clock.</param>
    /// <param name="round">One round; it is told how many there were before.</param>
    /// <param name="stoppingToken">The host stops.</param>
    public static async Task RunAsync(TimeSpan every, TimeProvider time, Func<int, Task> round, CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(every, time);
        try
        {
            for (int tick = 0; await timer.WaitForNextTickAsync(stoppingToken); tick++)
            {
                await round(tick);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }
}
