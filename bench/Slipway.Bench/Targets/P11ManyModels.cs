using System.Globalization;
using Slipway.Bench.Load;
using Slipway.Bench.Measuring;
using Slipway.Bench.Models;
using Slipway.Bench.Processes;
using Slipway.Bench.Reports;

namespace Slipway.Bench.Targets;

/// <summary>A thousand small models registered, a hundred of them loaded.</summary>
internal sealed class P11ManyModels : ITarget
{
    private const int Registered = 1000;
    private const int Resident = 100;
    private const int First = 5;
    private const double Megabyte = 1 << 20;

    public string Name => "P11";

    public async Task<IReadOnlyList<TargetResult>> MeasureAsync(BenchContext context)
    {
        BenchModel[] models = [.. Enumerable.Range(0, Registered).Select(context.Models.Variant)];
        string many = context.Models.Repository("p11", [.. models.Select(static model => (model, (string?)"load: onDemand\n"))]);
        await using ServerProcess alone = await context.StartSlipwayAsync(context.Models.Repository("p11one", (models[0], null)));
        await using ServerProcess crowd = await context.StartSlipwayAsync(many);
        // The first models bring the engine's library and the code that loads models into memory, once for all.
        await LoadAsync(context, crowd, models.Take(First));
        long before = crowd.ResidentBytes;
        await LoadAsync(context, crowd, models.Take(Resident).Skip(First));
        double perModel = (crowd.ResidentBytes - before) / Megabyte / (Resident - First);
        string bytes = await Tool.RunAsync(
            Environment.ProcessPath!, ["engine-many", $"{models[0].Input}:{models[0].RowLength}", .. models.Take(Resident).Select(static model => model.File)]);
        double engine = double.Parse(bytes, CultureInfo.InvariantCulture) / Megabyte;
        LoadPlan plan = context.Bodies.Json(models[0], 1, 8);
        IReadOnlyList<SubjectSamples> samples = await context.Rounds.RunAsync(
            new Subject("alone", alone, plan.At(alone.Http)),
            new Subject($"among {Registered}", crowd, plan.At(crowd.Http)));
        return
        [
            TargetResult.AtMost(Name, $"start with {Registered} models registered", crowd.StartTime.TotalSeconds, "s", 5, null),
            TargetResult.AtMost(
                Name, "memory per loaded model beyond the engine's own", perModel - engine, "MB", 0.3, null,
                $"{perModel:N2} MB a model; {engine:N2} MB in a process of the engine alone"),
            TargetResult.AtMost(
                Name, "p99 of a warm one ÷ alone", samples[1].P99 / samples[0].P99, "", 1.2, null, samples[0], samples[1]),
        ];
    }

    private static async Task LoadAsync(BenchContext context, ServerProcess server, IEnumerable<BenchModel> models)
    {
        foreach (BenchModel model in models)
        {
            await BenchContext.CheckAsync(context.Bodies.Json(model, 1, 1).At(server.Http));
        }
    }
}
