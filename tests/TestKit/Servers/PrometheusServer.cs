using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.TestKit.Servers;

/// <summary>A real Prometheus on loopback that scrapes what it is told every second. Tests skip where there is none.</summary>
public sealed partial class PrometheusServer : IAsyncDisposable
{
    /// <summary>Why a test that needs one is skipped.</summary>
    public const string Missing = "no Prometheus: install the package prometheus";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private readonly TemporaryFolder _folder;
    private readonly ServerProcess _process;

    private PrometheusServer(ServerProcess process, TemporaryFolder folder, Uri address)
    {
        _process = process;
        _folder = folder;
        Address = address;
    }

    /// <summary>Whether the program is there.</summary>
    public static bool IsThere => Programs.Find("prometheus") is not null;

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Starts one.</summary>
    /// <param name="configuration">What it scrapes, as its configuration file says it.</param>
    public static async Task<PrometheusServer> StartAsync(string configuration = "")
    {
        TemporaryFolder folder = new();
        ServerProcess process = ServerProcess.Start(
            "TERM",
            new Dictionary<string, string>(),
            Programs.Find("prometheus")!,
            "--config.file=" + folder.Write("prometheus.yml", "global: { scrape_interval: 1s }\n" + configuration),
            "--storage.tsdb.path=" + folder.PathOf("data"),
            "--web.listen-address=127.0.0.1:0");
        try
        {
            string line = await process.WaitForLineAsync(static line => Listening().IsMatch(line), StartLimit);
            await process.WaitForLineAsync(static line => line.Contains("ready to receive web requests", StringComparison.Ordinal), StartLimit);
            int port = int.Parse(Listening().Match(line).Groups[1].Value, CultureInfo.InvariantCulture);
            return new PrometheusServer(process, folder, new Uri($"http://127.0.0.1:{port}/"));
        }
        catch
        {
            await process.DisposeAsync();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Ends it.</summary>
    public Task StopAsync() => _process.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    [GeneratedRegex(@"Listening on.*address=\S*:(\d+)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();
}
