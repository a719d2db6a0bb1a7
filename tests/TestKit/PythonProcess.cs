using System.Diagnostics;

namespace Slipway.TestKit;

/// <summary>The system's Python with the packages of its distribution, for tests that compare with the original: they skip where it is not there.</summary>
public static class PythonProcess
{
    private const string Program = "/usr/bin/python3";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Whether Python is there and imports all of these modules.</summary>
    public static async Task<bool> HasAsync(params string[] modules)
    {
        try
        {
            return (await RunAsync(Path.GetTempPath(), $"import {string.Join(", ", modules)}")).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Runs a script in a folder and gives its exit status and what it wrote.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string folder, string script, params string[] arguments)
    {
        ProcessStartInfo start = new(Program, ["-c", script, .. arguments]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = "1";
        using Process process = Process.Start(start)!;
        using CancellationTokenSource limit = new(Limit);
        Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException("the Python script did not end");
        }
    }
}
