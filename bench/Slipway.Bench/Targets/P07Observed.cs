using System.Globalization;
using Slipway.Bench.Load;
using Slipway.Bench.Measuring;
using Slipway.Bench.Processes;
using Slipway.Bench.Reports;

namespace Slipway.Bench.Targets;

/// <summary>
/// What it costs to be observed: metrics scraped, peers' names too, one request in a hundred traced and exported with the metrics, structured logs;
/// beside a server whose metrics nobody records.
/// </summary>
internal sealed class P07Observed : ITarget
{
    private const int Connections = 64;

    public string Name => "P7";

    public async Task<IReadOnlyList<TargetResult>> MeasureAsync(BenchContext context)
    {
        // The collector answers 200 to everything; it reads what it is sent, as a collector beside the server would.
        await using ServerProcess collector = await BenchContext.StartBaselineAsync("http-echo");
        string repository = context.Models.Repository("p7", (context.Models.Mlp, null));
        await using ServerProcess off = await context.StartSlipwayAsync(repository, new Dictionary<string, string>
        {
            ["SLIPWAY__METRICS__ENABLED"] = "false",
            ["SLIPWAY__LOGGING__LEVEL"] = "none",
        });
        await using ServerProcess on = await context.StartSlipwayAsync(repository, new Dictionary<string, string>
        {
            ["SLIPWAY__TELEMETRY__ENDPOINT"] = collector.Http!.ToString(),
            ["SLIPWAY__TELEMETRY__METRICSINTERVAL"] = "5s",
            ["SLIPWAY__TELEMETRY__SAMPLINGRATIO"] = 0.01.ToString(CultureInfo.InvariantCulture),
            ["SLIPWAY__LOGGING__FORMAT"] = "json",
            ["SLIPWAY__PROTOCOLS__TRITONMETRICS"] = "true",
        });
        LoadPlan plan = context.Bodies.Json(context.Models.Mlp, 1, Connections);
        await BenchContext.CheckAsync(plan.At(on.Http));
        using CancellationTokenSource stop = new();
        Task scraping = ScrapeAsync(on, stop.Token);
        IReadOnlyList<SubjectSamples> samples = await context.Rounds.RunAsync(
            new Subject("nothing recorded", off, plan.At(off.Http)),
            new Subject("everything recorded", on, plan.At(on.Http)));
        await stop.CancelAsync();
        await scraping;
        return
        [
            TargetResult.AtLeast(
                Name, $"MLP b1, JSON, c{Connections}, observed ÷ not", samples[1].RateRatio(samples[0]), 0.97, 0.99, samples[0], samples[1]),
            TargetResult.AtMost(
                Name, "CPU per request, observed ÷ not", samples[1].Cpu / samples[0].Cpu, "", 1.03, 1.01),
        ];
    }

    // Every second: fifteen times as often as Prometheus does by default.
    private static async Task ScrapeAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        using HttpClient client = new();
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await client.GetStringAsync(new Uri(server.Admin!, "/metrics"), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
