using System.Diagnostics;
using Slipway.Bench.Measuring;

namespace Slipway.Bench.Load;

/// <summary>
/// HTTP/1.1 at a fixed rate: requests are due by the clock, and a latency counts from when its request was due, not from when its connection was free.
/// Each connection has a thread, which sleeps until its next request is due and waits for its answer in the system: what polls instead takes a core, and the
/// latencies of whatever shares it are the scheduler's.
/// </summary>
internal static class OpenLoop
{
    /// <summary>The rate at which these callers and the server, on the cores that they share, make as many requests as they can.</summary>
    public static double Saturate(LoadPlan plan, double seconds) => Run(plan, double.PositiveInfinity, seconds).Rate;

    /// <summary>Makes the load and returns when its last answer has come.</summary>
    /// <param name="plan">What to send, over how many connections.</param>
    /// <param name="rate">Requests a second, over all connections; without end: each is due when the one before is answered.</param>
    /// <param name="seconds">How long requests fall due.</param>
    public static LoadResult Run(LoadPlan plan, double rate, double seconds)
    {
        byte[] request = PlainConnection.Request(plan);
        PlainConnection[] connections = [.. Enumerable.Range(0, plan.Connections).Select(_ => new PlainConnection(plan.Url))];
        double interval = Stopwatch.Frequency / rate;

        // Later than the last thread takes to start, whose first requests would else be late.
        long began = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 5);
        long end = began + (long)(seconds * Stopwatch.Frequency);
        Task<List<double>>[] callers =
        [
            .. Enumerable.Range(0, plan.Connections).Select(caller => Task.Factory.StartNew(
                () => Call(connections[caller], request, began + (caller * interval), plan.Connections * interval, end),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)),
        ];
        List<double> latencies = [.. Task.WhenAll(callers).GetAwaiter().GetResult().SelectMany(static of => of)];
        Array.ForEach(connections, static connection => connection.Dispose());
        return new LoadResult(
            latencies.Count,
            0,
            Stopwatch.GetElapsedTime(began).TotalSeconds,
            TimeSpan.FromSeconds(Statistics.Percentile(latencies, 0.5)),
            TimeSpan.FromSeconds(Statistics.Percentile(latencies, 0.99)));
    }

    private static List<double> Call(PlainConnection connection, byte[] request, double first, double interval, long end)
    {
        List<double> latencies = [];
        for (double due = first; due < end; due = interval > 0 ? due + interval : Stopwatch.GetTimestamp())
        {
            FineSleep.Until((long)due);
            latencies.Add(connection.Call(request, (long)due));
        }

        return latencies;
    }
}
