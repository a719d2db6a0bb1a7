using System.Diagnostics;
using System.Text;

namespace Slipway.TestKit.Servers;

/// <summary>A program that serves for as long as the test wants it, and ends with the test's process however that ends: a shell between the two waits for the end of its own input.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    // $0 is the signal that asks the program to end; the program itself comes after it.
    private const string Guard = "\"$@\" </dev/null & child=$!; (cat >/dev/null; kill -$0 $child 2>/dev/null) <&3 & wait $child; status=$?; exit $status";

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Lock _gate = new();
    private readonly List<(Func<string, bool> Wanted, TaskCompletionSource<string> Found)> _waiting = [];

    private ServerProcess(Process process) => _process = process;

    /// <summary>Whether the program has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>What the program wrote, for messages of failing tests.</summary>
    public string Output
    {
        get
        {
            lock (_gate)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="signal">What asks it to end: <c>TERM</c>, <c>INT</c>.</param>
    /// <param name="environment">Set on top of this process's own.</param>
    /// <param name="command">Program and arguments.</param>
    public static ServerProcess Start(string signal, IReadOnlyDictionary<string, string> environment, params string[] command)
    {
        ProcessStartInfo start = new("/bin/sh", ["-c", "exec 3<&0; " + Guard, signal, .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        ServerProcess server = new(new Process { StartInfo = start });
        server._process.OutputDataReceived += (_, line) => server.Take(line.Data);
        server._process.ErrorDataReceived += (_, line) => server.Take(line.Data);
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>The first line, written before or after this call, that meets a condition.</summary>
    public async Task<string> WaitForLineAsync(Func<string, bool> wanted, TimeSpan limit)
    {
        TaskCompletionSource<string> found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_output.ToString().Split('\n').FirstOrDefault(wanted) is { } line)
            {
                return line;
            }

            _waiting.Add((wanted, found));
        }

        Task first = await Task.WhenAny(found.Task, _process.WaitForExitAsync(), Task.Delay(limit));
        return first == found.Task ? await found.Task : throw new InvalidOperationException("the server did not start:\n" + Output);
    }

    /// <summary>Asks the program to end and waits for that.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_gate)
        {
            _output.Append(line).Append('\n');
            foreach ((_, TaskCompletionSource<string> found) in _waiting.Where(waiting => waiting.Wanted(line)))
            {
                found.TrySetResult(line);
            }
        }
    }
}
