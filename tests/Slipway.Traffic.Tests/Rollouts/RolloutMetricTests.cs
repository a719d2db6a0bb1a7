using System.Net;
using System.Net.Sockets;
using System.Text;
using Slipway.TestKit.Fakes;
using Slipway.Traffic.Rollouts;

namespace Slipway.Traffic.Tests.Rollouts;

/// <summary>Metrics of rollouts over a small server that answers as Prometheus' HTTP API does; the real program is asked in the end-to-end tests.</summary>
public sealed class RolloutMetricTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly SocketsHttpHandler _connections = new() { AllowAutoRedirect = false, UseProxy = false };
    private readonly AnsweringServer _server = new();
    private RolloutMetrics? _metrics;

    public async ValueTask DisposeAsync()
    {
        _metrics?.Dispose();
        _connections.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_limit_counts_when_it_was_exceeded_several_times_in_a_row()
    {
        RolloutState state = Watch(Metric() with { Most = 0.5, Tries = 3 });
        Assert.Equal(MetricVerdict.Waits, Reading(state).Verdict);
        Assert.Equal(MetricVerdict.Passes, await AskAsync(state, "0.4"));
        Assert.Equal(MetricVerdict.Waits, await AskAsync(state, "0.6"));
        Assert.Equal(MetricVerdict.Waits, await AskAsync(state, "0.7"));
        Assert.Equal(MetricVerdict.Passes, await AskAsync(state, "0.5"));
        Assert.Equal(MetricVerdict.Waits, await AskAsync(state, "0.6"));
        Assert.Equal(MetricVerdict.Waits, await AskAsync(state, "+Inf"));
        Assert.Equal(MetricVerdict.RollsBack, await AskAsync(state, "0.6"));
        Assert.Equal("its value 0.6 is above 0.5, 3 times in a row", Reading(state).Note);
        Assert.Contains("query=load%7Bversion%3D%227%22%7D", _server.Last, StringComparison.Ordinal);
        Assert.StartsWith("POST /prefix/api/v1/query HTTP/1.1", _server.Last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_number_the_rollout_is_held_or_goes_on_as_it_is_set()
    {
        RolloutState state = Watch(Metric() with { Most = 0.5 });
        Assert.Equal(MetricVerdict.Passes, await AskAsync(state, "0.4"));
        Assert.Equal(MetricVerdict.Holds, await AskAsync(state, "NaN"));
        Assert.Equal("the query comes to nothing", Reading(state).Note);
        _server.Answer = """{"status":"error","errorType":"bad_data","error":"parse error"}""";
        _server.Status = "400 Bad Request";
        Assert.Equal(MetricVerdict.Holds, await AskAsync(state));
        Assert.Contains("parse error", Reading(state).Note, StringComparison.Ordinal);
        _server.Status = "302 Found\r\nLocation: http://127.0.0.1:1/";
        _server.ContentType = "text/html";
        Assert.Equal(MetricVerdict.Holds, await AskAsync(state));
        Assert.Contains("status 302", Reading(state).Note, StringComparison.Ordinal);
        await _server.DisposeAsync();
        Assert.Equal(MetricVerdict.Holds, await AskAsync(state));
        Assert.Contains("can't be reached", Reading(state).Note, StringComparison.Ordinal);

        RolloutState careless = Watch(Metric() with { Most = 0.5, HoldsWithout = false });
        Assert.Equal(MetricVerdict.Passes, await AskAsync(careless));
    }

    [Fact]
    public async Task Both_versions_are_asked_for_and_compared()
    {
        RolloutState ratio = Watch(Metric() with { Compare = MetricComparison.Ratio, Most = 1.5, Tries = 1, RollsBack = false });
        _server.ByQuery = static query => query.Contains("%227%22", StringComparison.Ordinal) ? "3" : "1.5";
        Assert.Equal(MetricVerdict.Holds, await AskAsync(ratio));
        Assert.Equal((1.5, 3.0, "the ratio 2 is above 1.5, 1 times in a row"), (Reading(ratio).Old, Reading(ratio).New, Reading(ratio).Note));

        RolloutState difference = Watch(Metric() with { Compare = MetricComparison.Difference, Least = -1 });
        Assert.Equal(MetricVerdict.Passes, await AskAsync(difference));
        _server.ByQuery = static query => query.Contains("%227%22", StringComparison.Ordinal) ? "1" : "NaN";
        Assert.Equal(MetricVerdict.Holds, await AskAsync(difference));
    }

    [Fact]
    public async Task It_asks_no_more_often_than_it_should_and_old_numbers_say_nothing()
    {
        RolloutState state = Watch(Metric() with { Most = 0.5, Interval = TimeSpan.FromSeconds(30), Timeout = TimeSpan.FromSeconds(10) });
        await AskAsync(state, "0.4");
        Assert.Equal((MetricVerdict.Passes, ""), (Reading(state).Verdict, Reading(state).Note));
        int asked = _server.Asked;
        _time.Advance(TimeSpan.FromSeconds(29));
        await _metrics!.AskAsync([state], TestContext.Current.CancellationToken);
        Assert.Equal(asked, _server.Asked);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(MetricVerdict.Waits, Reading(state).Verdict);

        // What is over is forgotten.
        await _metrics.AskAsync([], TestContext.Current.CancellationToken);
        Assert.Equal("it was not asked for yet", Reading(state).Note);
    }

    [Fact]
    public async Task A_token_is_sent_and_read_anew_each_time()
    {
        string file = Path.GetTempFileName();
        try
        {
            RolloutState state = Watch(Metric() with { Most = 0.5, TokenFile = file });
            foreach (string token in (string[])["first", "second"])
            {
                await File.WriteAllTextAsync(file, token + "\n", TestContext.Current.CancellationToken);
                await AskAsync(state, "0.4");
                Assert.Contains("Authorization: Bearer " + token, _server.Last, StringComparison.OrdinalIgnoreCase);
            }
        }
        finally
        {
            File.Delete(file);
        }

        RolloutState missing = Watch(Metric() with { Most = 0.5, TokenFile = "/nowhere/token" });
        await AskAsync(missing, "0.4");
        Assert.Equal("the token for Prometheus can't be read", Reading(missing).Note);
    }

    [Fact]
    public void Senseless_metrics_are_refused_by_key()
    {
        Assert.Empty((Metric() with { Most = 1 }).FindFaults());
        Assert.Equal(["most"], Keys(Metric()));
        Assert.Equal(["least"], Keys(Metric() with { Most = 1, Least = 1 }));
        Assert.Equal(["query"], Keys(Metric() with { Most = 1, Query = "up{v=\"$versoin\"}" }));
        Assert.Equal(["query"], Keys(Metric() with { Most = 1, Query = "up", Compare = MetricComparison.Ratio }));
        Assert.Equal(["interval", "timeout", "tries"], Keys(Metric() with { Most = 1, Interval = TimeSpan.Zero, Timeout = TimeSpan.Zero, Tries = 0 }));

        static IEnumerable<string> Keys(RolloutMetric metric) => metric.FindFaults().Select(fault => fault.Key);
    }

    private RolloutMetric Metric() => new() { Name = "load", Server = new Uri(_server.Address, "/prefix/"), Query = "load{version=\"$version\"}" };

    private RolloutState Watch(RolloutMetric metric)
    {
        _metrics?.Dispose();
        _metrics = new RolloutMetrics([metric], _connections, _time);
        return new RolloutState
        {
            Id = "r",
            Endpoint = "scoring",
            Arm = "stable",
            Model = "m",
            From = 6,
            To = 7,
            Plan = RolloutPlan.Canary,
            Policy = new RolloutPolicy { Metrics = [metric.Name] },
        };
    }

    private RolloutMetricReading Reading(RolloutState state) => Assert.Single(_metrics!.Of(state));

    private async Task<MetricVerdict> AskAsync(RolloutState state, string? number = null)
    {
        _server.Answer = number is null ? _server.Answer : AnsweringServer.Vector(number);
        _time.Advance(TimeSpan.FromSeconds(30));
        await _metrics!.AskAsync([state], TestContext.Current.CancellationToken);
        return Reading(state).Verdict;
    }

    /// <summary>Answers every request on loopback with the same bytes.</summary>
    private sealed class AnsweringServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _serving;

        public AnsweringServer()
        {
            _listener.Start();
            _serving = ServeAsync();
        }

        public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

        public string Status { get; set; } = "200 OK";

        public string ContentType { get; set; } = "application/json";

        public string Answer { get; set; } = Vector("0");

        public Func<string, string>? ByQuery { get; set; }

        public string Last { get; private set; } = "";

        public int Asked { get; private set; }

        public static string Vector(string number) =>
            $$$"""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1763760000,"{{{number}}}"]}]}}""";

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving;
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using TcpClient client = await _listener.AcceptTcpClientAsync();
                    await AnswerAsync(client);
                }
            }
            catch (Exception over) when (over is SocketException or InvalidOperationException)
            {
                // The listener was stopped: while it waited, or before it waited again.
            }
        }

        private async Task AnswerAsync(TcpClient client)
        {
            try
            {
                await using NetworkStream stream = client.GetStream();
                StringBuilder request = new();
                byte[] part = new byte[4096];
                while (!IsWhole(request.ToString()))
                {
                    int read = await stream.ReadAsync(part);
                    if (read == 0)
                    {
                        // Somebody who took this port for another's, of before: no request.
                        return;
                    }

                    request.Append(Encoding.ASCII.GetString(part, 0, read));
                }

                (Last, Asked) = (request.ToString(), Asked + 1);
                string answer = ByQuery is null ? Answer : Vector(ByQuery(Last));
                await stream.WriteAsync(Encoding.ASCII.GetBytes(
                    $"HTTP/1.1 {Status}\r\nContent-Type: {ContentType}\r\nContent-Length: {Encoding.ASCII.GetByteCount(answer)}\r\nConnection: close\r\n\r\n{answer}"));
            }
            catch (IOException)
            {
                // The other side went away.
            }
        }

        private static bool IsWhole(string request)
        {
            int head = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            string? length = head < 0 ? null : request[..head].Split("\r\n").FirstOrDefault(static line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
            return head >= 0 && request.Length - head - 4 >= (length is null ? 0 : int.Parse(length["Content-Length:".Length..], System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
