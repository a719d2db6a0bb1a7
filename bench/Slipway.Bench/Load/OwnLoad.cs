using System.Diagnostics;
using System.Net;
using Slipway.Bench.Measuring;

namespace Slipway.Bench.Load;

/// <summary>HTTP/1.1 and HTTP/2 by the framework's own client, for machines without wrk and h2load.</summary>
internal sealed class OwnLoad : ILoadGenerator
{
    public string Name => "HttpClient";

    public async Task<LoadResult> RunAsync(LoadPlan plan, double seconds)
    {
        byte[] body = await File.ReadAllBytesAsync(plan.BodyFile);
        long deadline = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        long began = Stopwatch.GetTimestamp();
        HttpMessageInvoker[] clients = [.. Enumerable.Range(0, plan.Http2 ? plan.Connections : 1).Select(_ => Client(plan))];
        int perClient = plan.Http2 ? plan.StreamsPerConnection : plan.Connections;
        Worker[] workers = [.. clients.SelectMany(client => Enumerable.Range(0, perClient).Select(_ => new Worker(client, plan, body)))];
        await Task.WhenAll(workers.Select(worker => worker.RunAsync(deadline)));
        double took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Array.ForEach(clients, client => client.Dispose());
        double[] latencies = [.. workers.SelectMany(worker => worker.Seconds)];
        return new LoadResult(
            workers.Sum(worker => (long)worker.Seconds.Count),
            workers.Sum(worker => worker.Failed),
            took,
            TimeSpan.FromSeconds(Statistics.Percentile(latencies, 0.5)),
            TimeSpan.FromSeconds(Statistics.Percentile(latencies, 0.99)));
    }

    private static HttpMessageInvoker Client(LoadPlan plan) => new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = plan.Http2 ? 1 : plan.Connections,
        UseProxy = false,
        ActivityHeadersPropagator = null,
    });

    private sealed class Worker(HttpMessageInvoker client, LoadPlan plan, byte[] body)
    {
        public List<double> Seconds { get; } = [];

        public long Failed { get; private set; }

        public async Task RunAsync(long deadline)
        {
            long started;
            while ((started = Stopwatch.GetTimestamp()) < deadline)
            {
                using HttpRequestMessage request = new(HttpMethod.Post, plan.Url)
                {
                    Content = new ByteArrayContent(body),
                    Version = plan.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
                    VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                };
                foreach ((string name, string value) in plan.Headers)
                {
                    _ = request.Headers.TryAddWithoutValidation(name, value) || request.Content.Headers.TryAddWithoutValidation(name, value);
                }

                using HttpResponseMessage response = await client.SendAsync(request, CancellationToken.None);
                await response.Content.CopyToAsync(Stream.Null);
                if (response.IsSuccessStatusCode)
                {
                    Seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
                }
                else
                {
                    Failed++;
                }
            }
        }
    }
}
