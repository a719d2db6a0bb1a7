using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Slipway.Bench.Processes;

/// <summary>A server under measurement, in a process of its own. Killed when disposed.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly string _log;

    private ServerProcess(Process process, string log, TimeSpan startTime, string readyLine)
    {
        _process = process;
        _log = log;
        StartTime = startTime;
        Http = Address(readyLine, "http");
        Grpc = Address(readyLine, "grpc");
        Admin = Address(readyLine, "admin");
    }

    /// <summary>From starting the process until its ready line.</summary>
    public TimeSpan StartTime { get; }

    /// <summary>Where it speaks HTTP.</summary>
    public Uri? Http { get; }

    /// <summary>Where it speaks gRPC.</summary>
    public Uri? Grpc { get; }

    /// <summary>Where its control plane is.</summary>
    public Uri? Admin { get; }

    /// <summary>Id of the process.</summary>
    public int Id => _process.Id;

    /// <summary>CPU time, user and system, spent so far.</summary>
    public TimeSpan CpuTime => ProcessFigures.CpuTime(_process.Id);

    /// <summary>Resident memory in bytes.</summary>
    public long ResidentBytes => ProcessFigures.ResidentBytes(_process.Id);

    /// <summary>Starts a program and waits until it says that it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended, or said nothing in time; the message holds its last lines.</exception>
    public static async Task<ServerProcess> StartAsync(
        string file, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        long began = Stopwatch.GetTimestamp();
        Process process = Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start");
        string log = Path.Combine(Path.GetTempPath(), $"slipway-bench-{process.Id}.log");
        StreamWriter logWriter = new(log) { AutoFlush = true };
        TaskCompletionSource<string?> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, line) => WriteLine(logWriter, line.Data);
        process.OutputDataReceived += (_, line) =>
        {
            WriteLine(logWriter, line.Data);
            if (line.Data is null || line.Data.Contains(" ready ", StringComparison.Ordinal))
            {
                ready.TrySetResult(line.Data);
            }
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        if (await ready.Task.WaitAsync(StartLimit) is { } readyLine)
        {
            return new ServerProcess(process, log, Stopwatch.GetElapsedTime(began), readyLine);
        }

        await process.WaitForExitAsync();
        string last = string.Join('\n', File.ReadLines(log).TakeLast(10));
        throw new InvalidOperationException($"{Path.GetFileName(file)} {string.Join(' ', arguments)} ended with {process.ExitCode} before it was ready:\n{last}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        File.Delete(_log);
    }

    private static void WriteLine(StreamWriter log, string? line)
    {
        if (line is not null)
        {
            lock (log)
            {
                log.WriteLine(line);
            }
        }
    }

    private static Uri? Address(string readyLine, string name) =>
        Pair().Matches(readyLine).FirstOrDefault(match => match.Groups[1].Value == name) is { } pair
            ? new Uri(pair.Groups[2].Value.StartsWith("http", StringComparison.Ordinal) ? pair.Groups[2].Value : "http://" + pair.Groups[2].Value)
            : null;

    [GeneratedRegex(@"(\w+)=(\S+)")]
    private static partial Regex Pair();
}
