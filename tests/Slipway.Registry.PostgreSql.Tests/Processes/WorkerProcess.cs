using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Slipway.Registry.Worker;

namespace Slipway.Registry.PostgreSql.Tests.Processes;

/// <summary>Another process that works on a registry.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private WorkerProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it has said so far.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Starts one.</summary>
    /// <param name="store">The registry.</param>
    /// <param name="diesAt">Step at which it kills itself; null: never.</param>
    /// <param name="arguments">Task and its arguments.</param>
    public static WorkerProcess Start(StoreSettings store, long? diesAt, params string[] arguments)
    {
        ProcessStartInfo start = new(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };

        // It lives for a second: what it would gain by being compiled twice, it never gets back.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach ((string name, string value) in store.ToEnvironment())
        {
            start.Environment[name] = value;
        }

        if (diesAt is { } step)
        {
            start.Environment["SLIPWAY_WORKER_DIES_AT"] = step.ToString(CultureInfo.InvariantCulture);
        }

        return new WorkerProcess(start);
    }

    /// <summary>Waits for its end and gives its status: 137 when it was killed.</summary>
    public async Task<int> WaitAsync()
    {
        using CancellationTokenSource limit = new(Limit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>Ends it at once.</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static string Program { get; } = typeof(WorkerProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static data => data.Key == "Worker").Value!;

    private void Take(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }
}
