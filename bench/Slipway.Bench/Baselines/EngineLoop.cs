using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Slipway.Bench.Baselines;

/// <summary>What the engine does in process: some callers, each on a thread of its own, run the model as fast as they can.</summary>
internal static class EngineLoop
{
    private const double WarmUpSeconds = 0.5;

    /// <summary>Runs the loop in this process and prints an <see cref="EngineLoopResult"/> as JSON.</summary>
    public static async Task RunAsync(EngineLoopPlan plan)
    {
        using EngineModel model = await EngineModel.LoadAsync(plan.Model, plan.Input, plan.Shape);
        Drive(model, plan.Callers, WarmUpSeconds);
        using Process process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        (long calls, double seconds) = Drive(model, plan.Callers, plan.Seconds);
        process.Refresh();
        double cpu = (process.TotalProcessorTime - before).TotalMicroseconds / calls;
        Console.WriteLine(JsonSerializer.Serialize(new EngineLoopResult(calls, seconds, cpu, process.WorkingSet64)));
    }

    private static (long Calls, double Seconds) Drive(EngineModel model, int callers, double seconds)
    {
        long deadline = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        long began = Stopwatch.GetTimestamp();
        long calls = 0;
        Thread[] threads = [.. Enumerable.Range(0, callers).Select(_ => new Thread(() =>
        {
            long mine = 0;
            for (; Stopwatch.GetTimestamp() < deadline; mine++)
            {
                model.Run();
            }

            Interlocked.Add(ref calls, mine);
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        return (calls, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }
}

/// <summary>What an engine loop is to do.</summary>
internal sealed record EngineLoopPlan(string Model, string Input, long[] Shape, int Callers, double Seconds)
{
    /// <summary>As arguments of the sub-command.</summary>
    public string[] ToArguments() =>
    [
        "engine-loop", Model, Input, string.Join('x', Shape), Callers.ToString(CultureInfo.InvariantCulture), Seconds.ToString(CultureInfo.InvariantCulture),
    ];

    public static EngineLoopPlan Parse(string[] arguments) => new(
        arguments[0],
        arguments[1],
        [.. arguments[2].Split('x').Select(static size => long.Parse(size, CultureInfo.InvariantCulture))],
        int.Parse(arguments[3], CultureInfo.InvariantCulture),
        double.Parse(arguments[4], CultureInfo.InvariantCulture));
}

/// <summary>What an engine loop did.</summary>
/// <param name="Calls">Runs of the model.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="CpuMicroseconds">CPU time per run.</param>
/// <param name="ResidentBytes">Resident memory at the end.</param>
internal sealed record EngineLoopResult(long Calls, double Seconds, double CpuMicroseconds, long ResidentBytes)
{
    /// <summary>Runs per second.</summary>
    public double Rate => Calls / Seconds;
}
