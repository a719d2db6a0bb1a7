using Slipway.Bench.Load;
using Slipway.Bench.Measuring;
using Slipway.Bench.Processes;
using Slipway.Bench.Reports;

namespace Slipway.Bench.Targets;

/// <summary>32 rows of a table against a forest: what the server spends beyond the engine.</summary>
internal sealed class P05ForestJson : ITarget
{
    public string Name => "P5";

    public async Task<IReadOnlyList<TargetResult>> MeasureAsync(BenchContext context)
    {
        await using ServerProcess server = await context.StartSlipwayAsync(context.Models.Repository("p5", (context.Models.Forest, null)));
        LoadPlan json = context.Bodies.Json(context.Models.Forest, 32, 8);
        await BenchContext.CheckAsync(json.At(server.Http));
        EngineFigures engine = await context.BestEngineAsync(context.Models.Forest, 32);
        IReadOnlyList<SubjectSamples> samples = await context.Rounds.RunAsync(new Subject("Slipway", server, json.At(server.Http)));
        return
        [
            TargetResult.AtMost(
                Name, "forest b32 c8, JSON, server CPU beyond the engine's", samples[0].Cpu - engine.CpuMicroseconds, "µs", 60, 35, engine, samples[0]),
        ];
    }
}
