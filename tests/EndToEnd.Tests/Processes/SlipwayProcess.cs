using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Slipway.EndToEnd.Tests.Processes;

/// <summary>The real program, started as a user would.</summary>
internal sealed class SlipwayProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly ConcurrentDictionary<SlipwayProcess, bool> Running = new();

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource<string?> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _output = [];

    // A test run that is told to end takes its servers along, whatever tests were at.
    static SlipwayProcess() => AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
    {
        foreach (SlipwayProcess one in Running.Keys)
        {
            one.End();
        }
    };

    private SlipwayProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => TakeOutput(line.Data);
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(line.Data);
            }
        };
    }

    /// <summary>The program that was built together with the tests.</summary>
    public static string Program { get; } = typeof(SlipwayProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "Program").Value!;

    public string ReadyLine { get; private set; } = "";

    public Uri Http => Address("http");

    public Uri Grpc => Address("grpc");

    public Uri Admin => Address("admin");

    public int Models => int.Parse(Field("models"), CultureInfo.InvariantCulture);

    public int Id => _process.Id;

    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    /// <summary>Starts `slipway serve` on ports of the system's choice, keeping nothing unless told where, and waits until it is ready.</summary>
    public static async Task<SlipwayProcess> ServeAsync(params string[] args)
    {
        string[] listeners = [.. ((string[])["--http", "--grpc", "--admin"]).Except(args).SelectMany(option => (string[])[option, "127.0.0.1:0"])];
        string[] data = args.Contains("--data") ? [] : ["--data", "none"];
        SlipwayProcess server = Start(["serve", .. listeners, .. data, .. args]);
        try
        {
            server.ReadyLine = await server._ready.Task.WaitAsync(Patience)
                ?? throw new InvalidOperationException($"the server ended before it was ready: {server.Errors}");
            return server;
        }
        catch
        {
            // Nobody else has it to end it.
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] args) => await RunAsync(args, []);

    /// <summary>Runs a command to its end with environment variables.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(string[] args, (string Name, string Value)[] environment)
    {
        await using SlipwayProcess run = Start(args, environment);
        int code = await run.WaitForExitAsync();
        lock (run._output)
        {
            return (code, string.Join('\n', run._output), run.Errors);
        }
    }

    /// <summary>Waits for the program to end by itself.</summary>
    public async Task<int> WaitForExitAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL: nothing can be tidied up.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitForExitAsync();
    }

    /// <summary>SIGTERM, what an orchestrator sends.</summary>
    public void Terminate()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        Running.TryRemove(this, out _);
        _process.Dispose();
    }

    private void End()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }

    private static SlipwayProcess Start(string[] args, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new(Program, args) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        SlipwayProcess started = new(new Process { StartInfo = start });
        started._process.Start();
        Running[started] = true;
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        return started;
    }

    private void TakeOutput(string? line)
    {
        if (line is null || line.StartsWith("slipway ready ", StringComparison.Ordinal))
        {
            _ready.TrySetResult(line);
        }

        if (line is not null)
        {
            lock (_output)
            {
                _output.Add(line);
            }
        }
    }

    private Uri Address(string name) => new($"http://{Field(name)}");

    private string Field(string name) => ReadyLine.Split(' ').Single(field => field.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];
}
