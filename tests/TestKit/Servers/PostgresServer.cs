using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Slipway.TestKit.Servers;

/// <summary>
/// A PostgreSQL server of its own: a fresh cluster in a temporary folder, on a Unix socket there. Started as root, it runs as <c>nobody</c>, since it refuses to run as root. Everybody on
/// the socket is trusted. Tests skip where PostgreSQL is not installed.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>Why a test that needs one is skipped.</summary>
    public const string Missing = "no PostgreSQL server programs (initdb, postgres): install postgresql";

    private const string User = "postgres";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private static readonly string[] Settings =
    [
        "fsync=off", "full_page_writes=off", "listen_addresses=", "max_connections=300", "shared_buffers=64MB", "log_min_messages=warning", "autovacuum_naptime=5s", "deadlock_timeout=200ms",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly string[] _settings;
    private ServerProcess? _process;
    private int _databases;

    private PostgresServer(string[] settings) => _settings = settings;

    /// <summary>Whether its programs are there.</summary>
    public static bool IsThere => Program("postgres") is not null && Program("initdb") is not null;

    /// <summary>Where clients connect: the socket's file, for a proxy in between.</summary>
    public EndPoint Address => new UnixDomainSocketEndPoint(_folder.PathOf(".s.PGSQL.5432"));

    /// <summary>Makes a cluster and starts it.</summary>
    /// <param name="settings">Settings on top of the usual ones, <c>name=value</c>; the usual ones trust memory rather than the disk.</param>
    public static async Task<PostgresServer> StartAsync(params string[] settings)
    {
        PostgresServer server = new(settings);
        try
        {
            if (AsNobody.Length > 0)
            {
                await RunAsync("chown", "nobody", server._folder.Root);
            }

            await RunAsync([.. AsNobody, Program("initdb")!, "--pgdata", server.Data, "--username", User, "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]);
            await server.StartServerAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes an empty database, with options of <c>createdb</c>, and gives its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(params string[] options)
    {
        string name = $"slipway{Interlocked.Increment(ref _databases)}";
        await RunAsync([Program("createdb")!, "--host", _folder.Root, "--username", User, .. options, name]);
        return ConnectionString(name);
    }

    /// <summary>Connection string of a database.</summary>
    /// <param name="database">Its name.</param>
    /// <param name="port">Port of a proxy on loopback; null: the socket.</param>
    public string ConnectionString(string database, int? port = null) => port is { } proxy
        ? $"postgresql://{User}@127.0.0.1:{proxy}/{database}?sslmode=disable"
        : $"postgresql://{User}@{Uri.EscapeDataString(_folder.Root)}/{database}";

    /// <summary>Ends the server and starts it again; what was committed is there. Clients lose their connections.</summary>
    /// <param name="immediate">As a crash, rather than in order.</param>
    public async Task RestartAsync(bool immediate)
    {
        await StopServerAsync(immediate);
        await StartServerAsync();
    }

    /// <summary>Ends the server.</summary>
    public async Task StopServerAsync(bool immediate = false)
    {
        if (_process is { } process)
        {
            await RunAsync([.. AsNobody, Program("pg_ctl")!, "stop", "--pgdata", Data, "--mode", immediate ? "immediate" : "fast", "--wait"]);
            await process.DisposeAsync();
            _process = null;
        }
    }

    /// <summary>Starts it again.</summary>
    public async Task StartServerAsync()
    {
        List<string> command = [.. AsNobody, Program("postgres")!, "-D", Data, "-k", _folder.Root];
        foreach (string setting in Settings.Concat(_settings))
        {
            command.AddRange(["-c", setting]);
        }

        // QUIT is the immediate end: what is in the folder is thrown away in any case.
        _process = ServerProcess.Start("QUIT", new Dictionary<string, string>(), [.. command]);
        Stopwatch waited = Stopwatch.StartNew();
        while (!await AnswersAsync())
        {
            if (waited.Elapsed > Limit || _process.HasEnded)
            {
                throw new InvalidOperationException("PostgreSQL did not start:\n" + _process.Output);
            }

            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            await process.DisposeAsync();
        }

        _folder.Dispose();
    }

    // The guard's signal would reach only the program that changes the user, which hands it on.
    private static string[] AsNobody { get; } = Environment.UserName == "root" ? [Programs.Find("setpriv")!, "--reuid", "nobody", "--clear-groups", "--"] : [];

    private string Data => _folder.PathOf("data");

    private static string? Program(string name) => Programs.Find(
        [name, .. Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(folder => $"{folder}/bin/{name}") : []]);

    private async Task<bool> AnswersAsync() => (await ExecuteAsync(Program("pg_isready")!, "--quiet", "--host", _folder.Root)).Status == 0;

    private static async Task RunAsync(params string[] command)
    {
        (int status, string output) = await ExecuteAsync(command);
        if (status != 0)
        {
            throw new InvalidOperationException($"{command[0]} failed:\n{output}");
        }
    }

    private static async Task<(int Status, string Output)> ExecuteAsync(params string[] command)
    {
        ProcessStartInfo start = new(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource limit = new(Limit);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output + await errors);
    }
}
