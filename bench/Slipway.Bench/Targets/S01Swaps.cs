using System.Globalization;
using Slipway.Bench.Load;
using Slipway.Bench.Measuring;
using Slipway.Bench.Models;
using Slipway.Bench.Processes;
using Slipway.Bench.Reports;

namespace Slipway.Bench.Targets;

/// <summary>Latency of one model while versions of another, under load as well, are swapped two hundred times.</summary>
internal sealed class S01Swaps : ITarget
{
    private const int Swaps = 200;

    // Short turns side by side, and the median of their ratios: what disturbs the machine comes in bursts, each of which would otherwise make the tail of one side.
    private const int Rounds = 10;

    // Both far more often than anybody deploys, and yet with pauses: what is looked for is what a swap does to others, not what loading without end does.
    // The faster one makes more of them, so that a round has requests enough for a tail.
    private static readonly (TimeSpan Pause, int Swaps)[] Paces = [(TimeSpan.FromMilliseconds(50), 3 * Swaps), (TimeSpan.FromMilliseconds(250), Swaps)];

    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(1);

    public string Name => "S1";

    public async Task<IReadOnlyList<TargetResult>> MeasureAsync(BenchContext context)
    {
        BenchModel swapped = context.Models.Mlp with { Name = "swapped" };
        BenchModel other = context.Models.Mlp with { Name = "other" };
        string repository = context.Models.Repository("s1", (swapped, null), (other, null));
        string settings = Path.Combine(context.Folder, "s1.yaml");
        await File.WriteAllTextAsync(settings, "models: { settle: 0, poll: 1h }\n");
        await using ServerProcess server = await context.StartSlipwayAsync(repository, "--config", settings);
        LoadPlan plan = context.Bodies.Json(other, 1, 1).At(server.Http);
        LoadPlan background = context.Bodies.Json(swapped, 1, 1).At(server.Http);
        Swapper swapper = new(context.Models, Path.Combine(repository, swapped.Name), server.Http!);
        await MeasureAsync(plan, background, Swaps * 1.2 * Paces[0].Pause.TotalSeconds, () => swapper.RunAsync(Swaps, Paces[0].Pause));
        List<TargetResult> results = [];
        foreach ((TimeSpan pause, int swaps) in Paces)
        {
            double seconds = 1.2 * pause.TotalSeconds * swaps / Rounds;
            List<double> quiet = [];
            List<double> busy = [];
            List<double> ratios = [];
            for (int round = 0; round < Rounds; round++)
            {
                double[] calm = await MeasureAsync(plan, background, seconds, static () => Task.CompletedTask);
                double[] swapping = await MeasureAsync(plan, background, seconds, () => swapper.RunAsync(swaps / Rounds, pause));
                quiet.AddRange(calm);
                busy.AddRange(swapping);
                ratios.Add(Statistics.Percentile(swapping, 0.99) / Statistics.Percentile(calm, 0.99));
            }

            results.Add(TargetResult.AtMost(
                Name,
                string.Create(CultureInfo.InvariantCulture, $"p99 of a model while another is swapped {swaps} times, {1 / pause.TotalSeconds:0} a second, ÷ quiet, median of {Rounds} rounds"),
                Statistics.Median(ratios),
                "",
                1.2,
                null,
                Describe("quiet, all rounds", quiet),
                Describe("swapping", busy)));
        }

        return results;
    }

    private static string Describe(string name, List<double> latencies) => string.Create(
        CultureInfo.InvariantCulture,
        $"{name}: p50 {1e6 * Statistics.Percentile(latencies, 0.5):N0} µs, p90 {1e6 * Statistics.Percentile(latencies, 0.9):N0} µs, p99 {1e6 * Statistics.Percentile(latencies, 0.99):N0} µs, {latencies.Count:N0} requests, none failed");

    // A request that fails, to either model, ends the target.
    private static async Task<double[]> MeasureAsync(LoadPlan plan, LoadPlan background, double seconds, Func<Task> meanwhile)
    {
        Task<double[]> swapped = PacedLoad.RunAsync(background, Rest, seconds);
        Task<double[]> other = PacedLoad.RunAsync(plan, Rest, seconds);
        await meanwhile();
        _ = await swapped;
        return await other;
    }

    /// <summary>Puts new versions in place, has them loaded and takes old ones away, as a deployment does.</summary>
    private sealed class Swapper(BenchModels models, string folder, Uri server)
    {
        private const int Kept = 5;

        private int _done;

        public async Task RunAsync(int count, TimeSpan pause)
        {
            using HttpClient client = new() { BaseAddress = server };
            using PeriodicTimer timer = new(pause);
            for (int i = 0; i < count; i++)
            {
                _done++;
                string version = (_done + 1).ToString(CultureInfo.InvariantCulture);
                string next = Directory.CreateDirectory(folder + "-next").FullName;
                File.Copy(models.Variant(_done).File, Path.Combine(next, "model.onnx"));
                Directory.Move(next, Path.Combine(folder, version));
                if (_done > Kept)
                {
                    Directory.Delete(Path.Combine(folder, (_done + 1 - Kept).ToString(CultureInfo.InvariantCulture)), recursive: true);
                }

                using HttpResponseMessage answer = await client.PostAsync(new Uri("/v2/repository/models/swapped/load", UriKind.Relative), null);
                answer.EnsureSuccessStatusCode();
                await timer.WaitForNextTickAsync(CancellationToken.None);
            }
        }
    }
}
