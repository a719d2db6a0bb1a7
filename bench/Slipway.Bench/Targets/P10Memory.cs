using Slipway.Bench.Load;
using Slipway.Bench.Processes;
using Slipway.Bench.Reports;

namespace Slipway.Bench.Targets;

/// <summary>Resident memory with one small model after a million requests, beyond that of a loop around the engine.</summary>
internal sealed class P10Memory : ITarget
{
    private const long Requests = 1_000_000;
    private const double Megabyte = 1 << 20;

    public string Name => "P10";

    public async Task<IReadOnlyList<TargetResult>> MeasureAsync(BenchContext context)
    {
        await using ServerProcess server = await context.StartSlipwayAsync(context.Models.Repository("p10", (context.Models.Mlp, null)));
        LoadPlan plan = context.Bodies.Json(context.Models.Mlp, 1, 64).At(server.Http);
        await BenchContext.CheckAsync(plan);
        double engine = (await context.RunEngineAsync(context.Models.Mlp, 1, 1)).ResidentBytes / Megabyte;
        double before = server.ResidentBytes / Megabyte;
        long served = 0;
        while (served < Requests)
        {
            served += (await LoadGenerators.For(plan).RunAsync(plan, 5)).Requests;
        }

        double after = server.ResidentBytes / Megabyte;
        return
        [
            TargetResult.AtMost(
                Name, "resident memory beyond the engine loop's after a million requests", after - engine, "MB", 70, 35,
                $"engine loop {engine:N0} MB; Slipway {before:N0} MB before, {after:N0} MB after {served:N0} requests"),
        ];
    }
}
