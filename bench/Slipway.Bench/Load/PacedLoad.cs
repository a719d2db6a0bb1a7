using System.Diagnostics;
using Slipway.Bench.Measuring;

namespace Slipway.Bench.Load;

/// <summary>
/// One caller that rests between requests, on a thread of its own: leaves the machine idle most of the time, so that latencies show what the server does
/// and not who shares its cores.
/// </summary>
internal static class PacedLoad
{
    /// <summary>Makes the load for some seconds.</summary>
    public static Task<LoadResult> RunAsync(LoadPlan plan, TimeSpan rest, double seconds)
    {
        TaskCompletionSource<LoadResult> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
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

    private static LoadResult Run(LoadPlan plan, TimeSpan rest, double seconds)
    {
        byte[] body = File.ReadAllBytes(plan.BodyFile);
        using HttpMessageInvoker client = new(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null });
        List<double> latencies = [];
        long failed = 0;
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds)
        {
            using HttpRequestMessage request = new(HttpMethod.Post, plan.Url) { Content = new ByteArrayContent(body) };
            foreach ((string name, string value) in plan.Headers)
            {
                _ = request.Headers.TryAddWithoutValidation(name, value) || request.Content.Headers.TryAddWithoutValidation(name, value);
            }

            long sent = Stopwatch.GetTimestamp();
            using HttpResponseMessage answer = client.Send(request, CancellationToken.None);
            answer.Content.CopyTo(Stream.Null, null, CancellationToken.None);
            latencies.Add(Stopwatch.GetElapsedTime(sent).TotalSeconds);
            failed += answer.IsSuccessStatusCode ? 0 : 1;
            Thread.Sleep(rest);
        }

        double[] all = [.. latencies];
        return new LoadResult(
            all.Length - failed,
            failed,
            Stopwatch.GetElapsedTime(began).TotalSeconds,
            TimeSpan.FromSeconds(Statistics.Percentile(all, 0.5)),
            TimeSpan.FromSeconds(Statistics.Percentile(all, 0.99)));
    }
}
