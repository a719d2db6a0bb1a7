using Slipway.Bench.Load;
using Slipway.Bench.Measuring;
using Slipway.Bench.Processes;
using Slipway.Bench.Reports;

namespace Slipway.Bench.Targets;

/// <summary>A small model over REST and JSON, beside bare Kestrel with a fixed answer.</summary>
internal sealed class P01RestJson : ITarget
{
    public string Name => "P1";

    public async Task<IReadOnlyList<TargetResult>> MeasureAsync(BenchContext context)
    {
        await using ServerProcess echo = await BenchContext.StartBaselineAsync("http-echo");
        await using ServerProcess server = await context.StartSlipwayAsync(context.Models.Repository("p1", (context.Models.Mlp, null)));
        LoadPlan plan = context.Bodies.Json(context.Models.Mlp, 1, 64);
        await BenchContext.CheckAsync(plan.At(server.Http));
        IReadOnlyList<SubjectSamples> samples = await context.Rounds.RunAsync(
            new Subject("bare Kestrel", echo, plan.At(echo.Http)),
            new Subject("Slipway", server, plan.At(server.Http)));
        return
        [
            TargetResult.AtLeast(
                Name, "MLP b1, REST JSON, c64, requests/s ÷ bare Kestrel", samples[1].RateRatio(samples[0]), 0.75, 0.88, samples[0], samples[1]),
        ];
    }
}
