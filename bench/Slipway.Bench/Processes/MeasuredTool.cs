using System.Diagnostics;
using System.Globalization;

namespace Slipway.Bench.Processes;

/// <summary>A run of a program to its end (Linux).</summary>
/// <param name="Seconds">From its start until it ended.</param>
/// <param name="CpuSeconds">Time it was computing, to the last look.</param>
/// <param name="PeakBytes">Most memory that it had resident.</param>
internal sealed record MeasuredTool(double Seconds, double CpuSeconds, long PeakBytes)
{
    /// <summary>Runs a program, looking at its memory every few milliseconds; the kernel keeps the high-water mark, so that the last look is as good as all.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<MeasuredTool> RunAsync(string file, params string[] arguments)
    {
        long began = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{file} did not start");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task ended = process.WaitForExitAsync();
        long peak = 0;
        double cpu = 0;
        while (await Task.WhenAny(ended, Task.Delay(3)) != ended)
        {
            peak = Math.Max(peak, PeakOf(process.Id));
            cpu = Math.Max(cpu, CpuOf(process.Id));
        }

        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        await output;
        return process.ExitCode == 0
            ? new MeasuredTool(seconds, cpu, peak)
            : throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
    }

    private static double CpuOf(int process)
    {
        try
        {
            return ProcessFigures.CpuTime(process).TotalSeconds;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static long PeakOf(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line[6..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It has just ended.
            return 0;
        }
    }
}
