using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Slipway.Client.Experiments;

namespace Slipway.EndToEnd.Tests.Processes;

/// <summary>
/// A client that asks so many times a second whether answers come or not, as far as the machine goes: no more than a bounded number of requests are under way, so that a machine that can't keep
/// up is asked less often. Each request has an id, and a known truth; whether the answer was right is reported afterwards, where somebody wants it.
/// </summary>
internal sealed class PacedClient : IAsyncDisposable
{
    private const int MostUnderWay = 128;
    private const int MostReports = 1000;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _free = new(MostUnderWay);
    private readonly HttpClient _http;
    private readonly ExperimentClient _feedback;
    private readonly string _endpoint;
    private readonly Func<int, (float[] Features, long Label)> _sample;
    private readonly ConcurrentQueue<FeedbackItem> _reports = new();
    private readonly ConcurrentQueue<(long Number, string Failure)> _failures = new();
    private readonly Task _asking;
    private readonly Task _reporting;
    private long _sent;
    private long _answered;

    private PacedClient(SlipwayProcess server, string endpoint, int rate, bool reports, Func<int, (float[] Features, long Label)> sample)
    {
        (_endpoint, _sample) = (endpoint, sample);
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = MostUnderWay }) { BaseAddress = server.Http, Timeout = TimeSpan.FromMinutes(5) };
        _feedback = new ExperimentClient(server.Admin);
        _asking = Task.Run(() => AskAsync(rate));
        _reporting = reports ? Task.Run(ReportAsync) : Task.CompletedTask;
    }

    /// <summary>Requests that were sent.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Requests that were answered.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>What failed, by the number of the request.</summary>
    public IReadOnlyCollection<(long Number, string Failure)> Failures => _failures;

    /// <summary>Begins.</summary>
    /// <param name="server">Whom to ask.</param>
    /// <param name="endpoint">What to ask.</param>
    /// <param name="rate">Requests a second.</param>
    /// <param name="reports">Whether to report which answers were right, as metric <c>correct</c>.</param>
    /// <param name="sample">Features and true label of a request.</param>
    public static PacedClient Start(SlipwayProcess server, string endpoint, int rate, bool reports, Func<int, (float[] Features, long Label)> sample) =>
        new(server, endpoint, rate, reports, sample);

    /// <summary>Completes when so many requests that are sent from now on are answered or failed.</summary>
    public async Task WaitForAsync(long more)
    {
        long goal = Sent + more + MostUnderWay;
        while (Answered + _failures.Count < goal)
        {
            Assert.False(_asking.IsFaulted || (_reporting.IsFaulted), $"the client gave up: {_asking.Exception} {_reporting.Exception}");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _asking;
        await _reporting;
        for (int i = 0; i < MostUnderWay; i++)
        {
            await _free.WaitAsync();
        }

        _http.Dispose();
        _feedback.Dispose();
        _free.Dispose();
        _stop.Dispose();
    }

    private async Task AskAsync(int rate)
    {
        Stopwatch clock = Stopwatch.StartNew();
        long due = 0;
        while (!_stop.IsCancellationRequested)
        {
            // What a stalled machine missed is not made up for in one burst.
            long now = (long)(clock.Elapsed.TotalSeconds * rate);
            due = Math.Max(due, now - (rate / 4));
            for (; due < now && !_stop.IsCancellationRequested; due++)
            {
                await _free.WaitAsync();
                _ = OneAsync(Interlocked.Increment(ref _sent));
            }

            await Task.Delay(Tick);
        }
    }

    private async Task OneAsync(long number)
    {
        try
        {
            (float[] features, long label) = _sample((int)number);
            string id = number.ToString(CultureInfo.InvariantCulture);
            string data = string.Join(',', features.Select(static value => value.ToString("R", CultureInfo.InvariantCulture)));
            using StringContent body = new($$"""{"id":"{{id}}","inputs":[{"name":"x","shape":[1,{{features.Length}}],"datatype":"FP32","data":[{{data}}]}]}""");
            body.Headers.ContentType = new("application/json");
            using HttpResponseMessage response = await _http.PostAsync($"/v2/models/{_endpoint}/infer", body);
            if (!response.IsSuccessStatusCode)
            {
                _failures.Enqueue((number, $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}"));
                return;
            }

            JsonNode answer = (await response.Content.ReadFromJsonAsync<JsonNode>())!;
            bool isRight = answer["outputs"]![0]!["data"]![0]!.GetValue<long>() == label;
            Interlocked.Increment(ref _answered);
            _reports.Enqueue(new FeedbackItem(_endpoint, "correct", isRight ? 1 : 0) { RequestId = id });
        }
        catch (Exception failure)
        {
            _failures.Enqueue((number, $"{failure.GetType().Name}: {failure.Message} <- {failure.GetBaseException().Message}"));
        }
        finally
        {
            _free.Release();
        }
    }

    private async Task ReportAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            List<FeedbackItem> items = [];
            while (items.Count < MostReports && _reports.TryDequeue(out FeedbackItem? item))
            {
                items.Add(item);
            }

            if (items.Count > 0)
            {
                await _feedback.ReportFeedbackAsync(new FeedbackRequest(items));
            }

            await Task.Delay(Tick);
        }
    }
}
