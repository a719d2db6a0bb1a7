using System.Globalization;
using System.Runtime.InteropServices;
using Slipway.Bench.Load;
using Slipway.Bench.Measuring;
using Slipway.Bench.Reports;
using Slipway.Bench.Targets;
using Slipway.TestKit;

namespace Slipway.Bench;

/// <summary>Measures the targets that the command line names, or all, and writes the report.</summary>
internal static class BenchCommand
{
    private const string Usage = "usage: Slipway.Bench [P1 P4 …] [--rounds N] [--seconds S] [--slipway FILE] [--output FOLDER] [--store FOLDER]";

    private static readonly ITarget[] All =
    [
        new P01RestJson(), new P02Grpc(), new P03Networks(), new P04LargeJson(), new P05ForestJson(), new P06Batching(),
        new P07Observed(), new P08TailLatency(), new P09Start(), new P10Memory(), new P11ManyModels(), new P12Score(),
        new S01Swaps(), new F01Conversions(),
        new R01RegistryPages(), new R02Push(), new R03Trust(),
    ];

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (BenchArguments.Parse(arguments, All.Select(static target => target.Name)) is not { } asked)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        if (Problem(asked) is { } problem)
        {
            await Console.Error.WriteLineAsync(problem);
            return 1;
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("slipway-bench-");
        try
        {
            BenchContext context = new(folder.FullName, asked.Slipway, new Rounds(asked.Rounds, asked.Seconds), asked.Store);
            Report report = await MeasureAsync(context, asked);
            report.Write(asked.Output);
            Console.WriteLine();
            Console.WriteLine(report.ToMarkdown());
            return report.NotMeasured.Count == 0 ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string? Problem(BenchArguments asked) =>
        !OperatingSystem.IsLinux() ? "the harness reads /proc: Linux only"
        : Assets.Root is null ? Assets.Missing
        : !File.Exists(asked.Slipway) ? $"{asked.Slipway} is missing: dotnet build -c Release src/Slipway.Cli, or --slipway FILE"
        : null;

    private static async Task<Report> MeasureAsync(BenchContext context, BenchArguments asked)
    {
        List<TargetResult> results = [];
        Dictionary<string, string> failed = [];
        foreach (ITarget target in All.Where(target => asked.Targets.Count == 0 || asked.Targets.Contains(target.Name)))
        {
            // One target that can't be measured must not lose the others' figures.
            try
            {
                foreach (TargetResult result in await target.MeasureAsync(context))
                {
                    results.Add(result);
                    Console.WriteLine($"{result.Target} {result.Figure}: {result.Value:0.###} {result.Unit} ({result.Verdict})");
                    Console.WriteLine($"   {string.Join("\n   ", result.Details)}");
                }
            }
            catch (Exception exception) when (exception is InvalidOperationException or IOException or HttpRequestException or OperationCanceledException)
            {
                failed[target.Name] = exception.Message;
                await Console.Error.WriteLineAsync($"{target.Name}: {exception.Message}");
            }
        }

        string machine = $"{Environment.ProcessorCount} cores ({RuntimeInformation.OSArchitecture}), {RuntimeInformation.FrameworkDescription}";
        string settings = string.Create(
            CultureInfo.InvariantCulture,
            $"{asked.Rounds} interleaved rounds of {asked.Seconds} s per server, medians, load from {LoadGenerators.Http1.Name} and {LoadGenerators.Http2.Name} on the same cores");
        return new Report(machine, settings, TimeProvider.System.GetUtcNow(), results, failed);
    }
}
