using System.Diagnostics;
using System.Globalization;

namespace Slipway.EndToEnd.Tests.Processes;

/// <summary>What a run of the program came to.</summary>
/// <param name="ExitCode">Exit status.</param>
/// <param name="Errors">Standard error.</param>
/// <param name="Time">How long it took.</param>
/// <param name="PeakBytes">Most memory that it had resident; 0 where the system does not tell.</param>
internal sealed record MeasuredRun(int ExitCode, string Errors, TimeSpan Time, long PeakBytes)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs the program to its end, watching its memory.</summary>
    public static async Task<MeasuredRun> OfAsync(params string[] args)
    {
        Stopwatch clock = Stopwatch.StartNew();
        using Process process = Process.Start(new ProcessStartInfo(SlipwayProcess.Program, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        long peak = 0;
        Task ended = process.WaitForExitAsync();
        while (await Task.WhenAny(ended, Task.Delay(2)) != ended)
        {
            peak = Math.Max(peak, PeakOf(process.Id));
            if (clock.Elapsed > Patience)
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException($"slipway {string.Join(' ', args)} did not end");
            }
        }

        await output;
        return new MeasuredRun(process.ExitCode, await errors, clock.Elapsed, peak);
    }

    // The kernel keeps the high-water mark, so that the last look is as good as all.
    private static long PeakOf(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line[6..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
