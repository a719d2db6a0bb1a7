using Slipway.Bench.Load;
using Slipway.Bench.Measuring;
using Slipway.Bench.Models;
using Slipway.Bench.Processes;
using Slipway.Bench.Reports;

namespace Slipway.Bench.Targets;

/// <summary>Images as 1.1 MB of JSON: what the server spends beyond the engine.</summary>
internal sealed class P04LargeJson : ITarget
{
    private const int Connections = 8;

    public string Name => "P4";

    public async Task<IReadOnlyList<TargetResult>> MeasureAsync(BenchContext context)
    {
        List<TargetResult> results = [];
        foreach (BenchModel model in new[] { context.Models.Mobilenet, context.Models.Resnet })
        {
            await using ServerProcess server = await context.StartSlipwayAsync(context.Models.Repository("p4" + model.Name, (model, null)));
            LoadPlan json = context.Bodies.Json(model, 1, Connections);
            await BenchContext.CheckAsync(json.At(server.Http));
            await Rounds.WarmUpBusyAsync(json.At(server.Http));
            List<double> beyond = [];
            List<double> spent = [];
            List<double> engine = [];
            for (int round = 0; round < context.Rounds.Count; round++)
            {
                // The same callers, so that threads get in each other's way alike.
                engine.Add((await context.RunEngineAsync(model, 1, Environment.ProcessorCount)).CpuMicroseconds / 1000);
                spent.Add((await new Rounds(1, context.Rounds.Seconds).RunAsync(new Subject("JSON", server, json.At(server.Http))))[0].Cpu / 1000);
                beyond.Add(spent[^1] - engine[^1]);
            }

            results.Add(TargetResult.AtMost(
                Name,
                $"{model.Name}, JSON, c{Connections}, server CPU beyond the engine's",
                Statistics.Median(beyond),
                "ms",
                3.0,
                1.2,
                $"engine: {Statistics.Median(engine):N2} ms CPU",
                $"Slipway: {Statistics.Median(spent):N2} ms CPU"));
        }

        return results;
    }
}
