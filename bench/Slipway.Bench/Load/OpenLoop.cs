using System.Diagnostics;
using Slipway.Bench.Measuring;

namespace Slipway.Bench.Load;

/// <summary>
/// HTTP/1.1 at a fixed rate: requests are due by the clock, and a latency counts from when its request was due, not from when a free connection
/// was found. One thread polls all sockets, so that no timer's coarseness is measured; it takes a core.
/// </summary>
internal static class OpenLoop
{
    /// <summary>Makes the load on the calling thread.</summary>
    public static LoadResult Run(LoadPlan plan, double rate, double seconds)
    {
        byte[] request = PlainConnection.Request(plan);
        Stack<PlainConnection> free = new(Enumerable.Range(0, plan.Connections).Select(_ => new PlainConnection(plan.Url)));
        List<PlainConnection> busy = [];
        Queue<long> due = [];
        List<double> latencies = [];
        double interval = Stopwatch.Frequency / rate;
        long began = Stopwatch.GetTimestamp();
        long end = began + (long)(seconds * Stopwatch.Frequency);
        double next = began;
        while (busy.Count > 0 || due.Count > 0 || next < end)
        {
            for (long now = Stopwatch.GetTimestamp(); next <= now && next < end; next += interval)
            {
                due.Enqueue((long)next);
            }

            while (due.Count > 0 && free.TryPop(out PlainConnection? connection))
            {
                connection.Send(request, due.Dequeue());
                busy.Add(connection);
            }

            for (int i = busy.Count - 1; i >= 0; i--)
            {
                if (busy[i].TryReceive(out double latency))
                {
                    latencies.Add(latency);
                    free.Push(busy[i]);
                    busy.RemoveAt(i);
                }
            }
        }

        double took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        while (free.TryPop(out PlainConnection? connection))
        {
            connection.Dispose();
        }

        return new LoadResult(
            latencies.Count,
            0,
            took,
            TimeSpan.FromSeconds(Statistics.Percentile(latencies, 0.5)),
            TimeSpan.FromSeconds(Statistics.Percentile(latencies, 0.99)));
    }
}
