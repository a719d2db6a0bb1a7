using Slipway.Bench.Load;
using Slipway.Bench.Measuring;
using Slipway.Bench.Models;
using Slipway.Bench.Processes;
using Slipway.Bench.Reports;

namespace Slipway.Bench.Targets;

/// <summary>Single rows from 64 connections with dynamic batching on and off.</summary>
internal sealed class P06Batching : ITarget
{
    private const int Connections = 64;
    private const int BatchRows = 16;
    private const string On = "batching: { maxBatchSize: 32 }\n";
    private const string Off = "batching: false\n";

    public string Name => "P6";

    public async Task<IReadOnlyList<TargetResult>> MeasureAsync(BenchContext context)
    {
        List<TargetResult> results = [];
        foreach (BenchModel model in new[] { context.Models.Mlp, context.Models.Forest, context.Models.Wide })
        {
            await using ServerProcess off = await context.StartSlipwayAsync(context.Models.Repository("p6off" + model.Name, (model, Off)));
            await using ServerProcess on = await context.StartSlipwayAsync(context.Models.Repository("p6on" + model.Name, (model, On)));
            LoadPlan plan = context.Bodies.Json(model, 1, Connections);
            await BenchContext.CheckAsync(plan.At(on.Http));
            IReadOnlyList<SubjectSamples> samples = await context.Rounds.RunAsync(
                new Subject("off", off, plan.At(off.Http)),
                new Subject("on", on, plan.At(on.Http)));
            bool wide = model == context.Models.Wide;
            results.Add(TargetResult.AtLeast(
                Name,
                $"{model.Name} b1, JSON, c{Connections}, batching on ÷ off",
                samples[1].RateRatio(samples[0]),
                wide ? 2 : 0.97,
                null,
                samples[0],
                samples[1]));
            if (wide)
            {
                EngineFigures engine = await context.BestEngineAsync(model, BatchRows);
                results.Add(TargetResult.AtLeast(
                    Name, $"{model.Name} b1, rows/s ÷ the engine's with {BatchRows} rows a run", samples[1].Rate / (engine.Rate * BatchRows), 0, 0.9, engine));
            }
        }

        return results;
    }
}
