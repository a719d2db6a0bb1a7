namespace Slipway.TestKit.Servers;

/// <summary>
/// An S3-compatible server on loopback: <c>moto_server</c> (pip's <c>moto[server]</c>), which knows conditional writes and checksums, or <c>s3rver</c> (npm, in <c>eng/s3</c>), which
/// keeps objects on disk and knows neither. Tests skip where there is none.
/// </summary>
public sealed class S3Server : IAsyncDisposable
{
    /// <summary>Why a test that needs one is skipped.</summary>
    public const string Missing = "no S3 server: run 'npm ci --prefix eng/s3 --ignore-scripts', or install moto[server] with pip";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private readonly TemporaryFolder _folder;
    private readonly ServerProcess _process;

    private S3Server(ServerProcess process, TemporaryFolder folder, string kind, Uri address)
    {
        _process = process;
        _folder = folder;
        Kind = kind;
        Address = address;
        CredentialsFile = _folder.Write("credentials", "[default]\naws_access_key_id = S3RVER\naws_secret_access_key = S3RVER\n");
    }

    /// <summary>Kinds that are there: <c>moto</c>, <c>s3rver</c>.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. FindKinds()];

    /// <summary>Which one this is.</summary>
    public string Kind { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>A file with credentials that it accepts.</summary>
    public string CredentialsFile { get; }

    /// <summary>The best one that is there.</summary>
    public static Task<S3Server> StartAsync() => StartAsync(Kinds[0]);

    /// <summary>Starts one of <see cref="Kinds"/> with the empty bucket <c>models</c>.</summary>
    public static async Task<S3Server> StartAsync(string kind)
    {
        S3Server server = kind == "moto" ? await StartMotoAsync() : await StartS3rverAsync();
        using HttpClient client = new();
        using HttpRequestMessage create = new(HttpMethod.Put, new Uri(server.Address, "/models"));
        if (kind == "moto")
        {
            (await client.SendAsync(create)).EnsureSuccessStatusCode();
        }

        return server;
    }

    /// <summary>Connection string for a bucket with a prefix of its own, so that tests share a server.</summary>
    /// <param name="prefix">Prefix; null: one that no other test has.</param>
    /// <param name="more">Further keys, <c>&amp;key=value</c>.</param>
    /// <param name="address">Another address for the same server, such as a proxy's.</param>
    public string ConnectionString(string? prefix = null, string more = "", Uri? address = null) =>
        $"s3://models/{prefix ?? Guid.NewGuid().ToString("N")}?endpoint={address ?? Address}&credentials={Uri.EscapeDataString(CredentialsFile)}{more}";

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static IEnumerable<string> FindKinds()
    {
        if (Programs.Find("moto_server") is not null)
        {
            yield return "moto";
        }

        if (S3rver is not null && Programs.Find("node") is not null)
        {
            yield return "s3rver";
        }
    }

    private static string? S3rver => Programs.Find(Path.Combine(Repository.Root, "eng/s3/node_modules/s3rver/bin/s3rver.js"));

    private static async Task<S3Server> StartMotoAsync()
    {
        ServerProcess process = ServerProcess.Start("INT", new Dictionary<string, string>(), Programs.Find("moto_server")!, "-H", "127.0.0.1", "-p", "0");
        string line = await process.WaitForLineAsync(static line => line.Contains("Running on http://", StringComparison.Ordinal), StartLimit);
        return new S3Server(process, new TemporaryFolder(), "moto", new Uri(line[line.IndexOf("http://", StringComparison.Ordinal)..].Trim()));
    }

    private static async Task<S3Server> StartS3rverAsync()
    {
        TemporaryFolder folder = new();
        ServerProcess process = ServerProcess.Start(
            "TERM", new Dictionary<string, string>(), Programs.Find("node")!, S3rver!,
            "--directory", folder.PathOf("objects"), "--address", "127.0.0.1", "--port", "0", "--configure-bucket", "models", "--no-vhost-buckets");
        string line = await process.WaitForLineAsync(static line => line.StartsWith("S3rver listening on ", StringComparison.Ordinal), StartLimit);
        return new S3Server(process, folder, "s3rver", new Uri($"http://{line["S3rver listening on ".Length..].Trim()}/"));
    }
}
