using Slipway.Bench.Load;
using Slipway.Bench.Measuring;
using Slipway.Bench.Processes;
using Slipway.Bench.Reports;

namespace Slipway.Bench.Targets;

/// <summary>A small model over gRPC, beside a hand-framed echo.</summary>
internal sealed class P02Grpc : ITarget
{
    public string Name => "P2";

    public async Task<IReadOnlyList<TargetResult>> MeasureAsync(BenchContext context)
    {
        await using ServerProcess echo = await BenchContext.StartBaselineAsync("grpc-echo");
        await using ServerProcess server = await context.StartSlipwayAsync(context.Models.Repository("p2", (context.Models.Mlp, null)));
        List<TargetResult> results = [];
        foreach ((int connections, int streams) in new[] { (1, 64), (16, 4) })
        {
            LoadPlan plan = context.Bodies.Grpc(context.Models.Mlp, 1, connections, streams);
            await BenchContext.CheckAsync(plan.At(server.Grpc));
            IReadOnlyList<SubjectSamples> samples = await context.Rounds.RunAsync(
                new Subject("gRPC echo", echo, plan.At(echo.Grpc)),
                new Subject("Slipway", server, plan.At(server.Grpc)));
            results.Add(TargetResult.AtLeast(
                Name, $"MLP b1, gRPC, {connections} × {streams}, requests/s ÷ echo", samples[1].RateRatio(samples[0]), 0.75, 0.90, samples[0], samples[1]));
        }

        return results;
    }
}
