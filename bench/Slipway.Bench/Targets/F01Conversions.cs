using System.Globalization;
using Slipway.Bench.Measuring;
using Slipway.Bench.Models;
using Slipway.Bench.Processes;
using Slipway.Bench.Reports;
using Slipway.TestKit;

namespace Slipway.Bench.Targets;

/// <summary>Conversion of large files by the command, its start included: a forest of 100 trees, and a SavedModel of 50 MB.</summary>
internal sealed class F01Conversions : ITarget
{
    private const int Runs = 5;
    private const double MegaByte = 1e6;

    public string Name => "F1";

    public async Task<IReadOnlyList<TargetResult>> MeasureAsync(BenchContext context)
    {
        string forest = Path.Combine(context.Folder, "forest.txt");
        await using (StreamWriter text = File.CreateText(forest))
        {
            LightGbmModels.WriteForest(text, trees: 100, leaves: 511);
        }

        string network = Path.Combine(context.Folder, "network");
        LargeFiles.WriteSavedModel(network, layers: 12);
        return
        [
            .. await MeasureAsync(context, forest, new FileInfo(forest).Length, "a forest of 100 trees of 511 leaves", 1),
            .. await MeasureAsync(context, network, Directory.EnumerateFiles(network).Sum(static file => new FileInfo(file).Length), "a SavedModel of 50 MB", 10),
        ];
    }

    private async Task<IReadOnlyList<TargetResult>> MeasureAsync(BenchContext context, string model, long bytes, string what, double limit)
    {
        string output = Path.Combine(context.Folder, "converted.onnx");
        List<MeasuredTool> runs = [];
        for (int run = 0; run < Runs; run++)
        {
            runs.Add(await MeasuredTool.RunAsync(context.Slipway, "convert", model, "--force", "--output", output));
        }

        double peak = Statistics.Median([.. runs.Select(static run => run.PeakBytes / MegaByte)]);
        double allowed = (4 * bytes / MegaByte) + 200;
        File.Delete(output);
        return
        [
            TargetResult.AtMost(Name, $"convert {what}, median of {Runs}", Statistics.Median([.. runs.Select(static run => run.Seconds)]), "s", limit, null, Size(bytes), string.Create(CultureInfo.InvariantCulture, $"{Statistics.Median([.. runs.Select(static run => run.CpuSeconds)]):N2} s of CPU")),
            TargetResult.AtMost(Name, $"memory at its highest, {what}", peak, "MB", allowed, null, $"4 × the file's size + 200 MB; {Size(bytes)}"),
        ];
    }

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"file of {bytes / MegaByte:N1} MB");
}
