using Slipway.Bench.Load;
using Slipway.Bench.Measuring;
using Slipway.Bench.Processes;
using Slipway.Bench.Reports;

namespace Slipway.Bench.Targets;

/// <summary>Latency of a small model at half of the rate that saturates the server, requests sent by the clock whatever the answers do.</summary>
internal sealed class P08TailLatency : ITarget
{
    private const int Connections = 32;

    public string Name => "P8";

    public async Task<IReadOnlyList<TargetResult>> MeasureAsync(BenchContext context)
    {
        await using ServerProcess echo = await BenchContext.StartBaselineAsync("http-echo");
        await using ServerProcess server = await context.StartSlipwayAsync(context.Models.Repository("p8", (context.Models.Mlp, null)));
        LoadPlan plan = context.Bodies.Json(context.Models.Mlp, 1, Connections);
        await BenchContext.CheckAsync(plan.At(server.Http));

        // By the generator that makes the load afterwards: half of what it and the server reach together. The first time the runtime compiles both.
        OpenLoop.Saturate(plan.At(echo.Http), context.Rounds.Seconds);
        OpenLoop.Saturate(plan.At(server.Http), context.Rounds.Seconds);
        double saturated = OpenLoop.Saturate(plan.At(server.Http), context.Rounds.Seconds);
        List<LoadResult> rounds = [];
        List<LoadResult> bare = [];
        for (int round = 0; round < context.Rounds.Count; round++)
        {
            rounds.Add(OpenLoop.Run(plan.At(server.Http), saturated / 2, context.Rounds.Seconds));
            bare.Add(OpenLoop.Run(plan.At(echo.Http), saturated / 2, context.Rounds.Seconds));
        }

        (double p50, double p99) = Middle(rounds);
        (double bareP50, double bareP99) = Middle(bare);
        return
        [
            TargetResult.AtMost(
                Name,
                "MLP b1, JSON, open loop at half load, p99 ÷ p50",
                p99 / p50,
                "",
                3,
                null,
                $"{saturated / 2:N0}/s of {saturated:N0}/s: p50 {p50:N0} µs, p99 {p99:N0} µs",
                $"bare Kestrel at the same rate: p50 {bareP50:N0} µs, p99 {bareP99:N0} µs, a ratio of {bareP99 / bareP50:0.0}"),
        ];
    }

    private static (double P50, double P99) Middle(IReadOnlyCollection<LoadResult> rounds) => (
        Statistics.Median(rounds.Select(static round => round.P50!.Value.TotalMicroseconds)),
        Statistics.Median(rounds.Select(static round => round.P99!.Value.TotalMicroseconds)));
}
