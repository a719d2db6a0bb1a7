using System.Globalization;
using System.Text;
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
    private const double Megabyte = 1 << 20;

    public string Name => "P11";

    public async Task<IReadOnlyList<TargetResult>> MeasureAsync(BenchContext context)
    {
        BenchModel mlp = context.Models.Mlp;
        BenchModel[] models = [.. Enumerable.Range(0, Registered).Select(i => mlp with { Name = string.Create(CultureInfo.InvariantCulture, $"m{i:000}") })];
        string many = context.Models.Repository("p11", [.. models.Select(static model => (model, (string?)"load: onDemand\n"))]);
        await using ServerProcess alone = await context.StartSlipwayAsync(context.Models.Repository("p11one", (models[0], null)));
        await using ServerProcess crowd = await context.StartSlipwayAsync(many);
        long before = crowd.ResidentBytes;
        foreach (BenchModel model in models.Take(Resident))
        {
            await BenchContext.CheckAsync(context.Bodies.Json(model, 1, 1).At(crowd.Http));
        }

        double perModel = (crowd.ResidentBytes - before) / Megabyte / Resident;
        double engine = await EngineBytesPerModelAsync(crowd) / Megabyte;
        LoadPlan plan = context.Bodies.Json(models[0], 1, 8);
        IReadOnlyList<SubjectSamples> samples = await context.Rounds.RunAsync(
            new Subject("alone", alone, plan.At(alone.Http)),
            new Subject($"among {Registered}", crowd, plan.At(crowd.Http)));
        return
        [
            TargetResult.AtMost(Name, $"start with {Registered} models registered", crowd.StartTime.TotalSeconds, "s", 5, null),
            TargetResult.AtMost(
                Name, "memory per loaded model beyond the engine's own", perModel - engine, "MB", 0.3, null,
                $"{perModel:N2} MB a model in all, {engine:N2} MB of it measured at load"),
            TargetResult.AtMost(
                Name, "p99 of a warm one ÷ alone", samples[1].P99 / samples[0].P99, "", 1.2, null, samples[0], samples[1]),
        ];
    }

    // What the engine took is what the server itself measured when it loaded each: the gauge of memory per version.
    private static async Task<double> EngineBytesPerModelAsync(ServerProcess server)
    {
        using HttpClient client = new();
        string text = Encoding.UTF8.GetString(await client.GetByteArrayAsync(new Uri(server.Admin!, "/metrics")));
        double[] bytes = [.. text.Split('\n')
            .Where(static line => line.StartsWith("slipway_inference_model_memory_bytes{", StringComparison.Ordinal))
            .Select(static line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture))
            .Where(static value => value > 0)];
        return bytes.Length == 0 ? 0 : bytes.Average();
    }
}
