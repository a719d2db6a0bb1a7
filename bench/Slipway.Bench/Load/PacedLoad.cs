using System.Diagnostics;

namespace Slipway.Bench.Load;

/// <summary>
/// One caller that rests between requests, on a thread of its own: leaves the machine idle most of the time, so that latencies show what the server does
/// and not who shares its cores.
/// </summary>
internal static class PacedLoad
{
    /// <summary>Makes the load for some seconds.</summary>
    /// <returns>The latency of each request in seconds. A request that fails ends the load.</returns>
    public static Task<double[]> RunAsync(LoadPlan plan, TimeSpan rest, double seconds)
    {
        TaskCompletionSource<double[]> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                result.SetResult(Run(plan, rest, seconds));
            }
            catch (Exception exception)
            {
                result.SetException(exception);
            }
        }).Start();
        return result.Task;
    }

    private static double[] Run(LoadPlan plan, TimeSpan rest, double seconds)
    {
        byte[] request = PlainConnection.Request(plan);
        using PlainConnection connection = new(plan.Url);
        List<double> latencies = [];
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds)
        {
            latencies.Add(connection.Call(request));
            Thread.Sleep(rest);
        }

        return [.. latencies];
    }
}
