using System.Diagnostics;
using Slipway.Bench.Load;
using Slipway.Bench.Measuring;
using Slipway.Bench.Processes;
using Slipway.Bench.Reports;

namespace Slipway.Bench.Targets;

/// <summary>From starting the executable until the first prediction is in hand.</summary>
internal sealed class P09Start : ITarget
{
    private const int Starts = 7;

    public string Name => "P9";

    public async Task<IReadOnlyList<TargetResult>> MeasureAsync(BenchContext context)
    {
        string repository = context.Models.Repository("p9", (context.Models.Mlp, null));
        LoadPlan plan = context.Bodies.Json(context.Models.Mlp, 1, 1);
        List<double> ready = [];
        List<double> first = [];
        for (int start = 0; start < Starts; start++)
        {
            long began = Stopwatch.GetTimestamp();
            await using ServerProcess server = await context.StartSlipwayAsync(repository);
            await BenchContext.CheckAsync(plan.At(server.Http));
            first.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            ready.Add(server.StartTime.TotalSeconds);
        }

        return
        [
            TargetResult.AtMost(
                Name, $"exec to first prediction, median of {Starts}", Statistics.Median(first), "s", 0.5, 0.2, $"ready line after {Statistics.Median(ready):N2} s"),
        ];
    }
}
