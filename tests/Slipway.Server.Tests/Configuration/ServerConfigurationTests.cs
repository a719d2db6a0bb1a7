using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Server.Configuration;
using Slipway.Server.Options;

namespace Slipway.Server.Tests.Configuration;

public sealed class ServerConfigurationTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"slipway-{Guid.NewGuid():N}.yaml");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Without_a_file_the_defaults_stand()
    {
        ServerOptions options = ServerConfiguration.Read(null, []);

        Assert.Equal("127.0.0.1:8080", options.Listeners.Http.Address);
        Assert.Equal("127.0.0.1:8081", options.Listeners.Grpc.Address);
        Assert.Equal("127.0.0.1:8090", options.Listeners.Admin.Address);
        Assert.True(options.Models.Watch);
    }

    [Fact]
    public void Every_section_of_a_file_is_read()
    {
        ServerOptions options = Read("""
            data: /var/lib/slipway
            listeners:
              http: 127.0.0.1:9000
              grpc: { address: "[::1]:9001", tls: { certificate: c.pem, key: k.pem } }
            models: { path: m, watch: false, poll: 5s, settle: 250ms, parallelLoads: 2, maxResidentBytes: 1GiB, maxResident: 100 }
            limits: { maxConnections: 7, shutdownDelay: 1m30s }
            engine: { threads: 3, spinning: true }
            protocols: { tritonMetrics: true }
            logging: { level: debug, format: json }
            """);

        Assert.Equal("/var/lib/slipway", options.Data);
        Assert.Equal("127.0.0.1:9000", options.Listeners.Http.Address);
        Assert.Equal("[::1]:9001", options.Listeners.Grpc.Address);
        Assert.Equal("k.pem", options.Listeners.Grpc.Tls?.Key);
        Assert.Equal("127.0.0.1:8090", options.Listeners.Admin.Address);
        Assert.Equal(("m", false), (options.Models.Path, options.Models.Watch));
        Assert.Equal(TimeSpan.FromMilliseconds(250), options.Models.Settle);
        Assert.Equal(1L << 30, options.Models.MaxResidentBytes);
        Assert.Equal(TimeSpan.FromSeconds(90), options.Limits.ShutdownDelay);
        Assert.Equal((3, true), (options.Engine.Threads, options.Engine.Spinning));
        Assert.True(options.Protocols.TritonMetrics);
        Assert.Equal((LogLevel.Debug, LogFormat.Json), (options.Logging.Level, options.Logging.Format));
    }

    [Fact]
    public void The_environment_overrides_the_file_whatever_its_case()
    {
        ServerOptions options = Read(
            "models: { path: from-file, maxResident: 3 }",
            ("SLIPWAY__MODELS__PATH", "from-environment"),
            ("SLIPWAY__limits__maxconnections", "9"),
            ("SLIPWAY__LISTENERS__HTTP", "127.0.0.1:1"),
            ("SLIPWAY__LISTENERS__GRPC__TLS__KEY", "k"),
            ("SLIPWAY_ONNXRUNTIME", "not ours"),
            ("PATH", "not ours"));

        Assert.Equal("from-environment", options.Models.Path);
        Assert.Equal(3, options.Models.MaxResident);
        Assert.Equal(9, options.Limits.MaxConnections);
        Assert.Equal("127.0.0.1:1", options.Listeners.Http.Address);
        Assert.Equal("k", options.Listeners.Grpc.Tls?.Key);
    }

    [Fact]
    public void All_faults_are_named_at_once_with_place_and_nearest_key()
    {
        SlipwayException refusal = Assert.Throws<SlipwayException>(() => Read(
            """
            listners: {}
            limits:
              maxConnections: many
              shutdowndelay: 1s
            """,
            ("SLIPWAY__ENGINE__THREDS", "1")));

        Assert.Equal(ErrorCode.InvalidConfiguration, refusal.Code);
        Assert.Contains("line 1:1: listners: unknown key; did you mean 'listeners'?", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("line 3:19: limits.maxConnections: a whole number is expected, not 'many'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("did you mean 'shutdownDelay'?", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("SLIPWAY__ENGINE__THREDS: there is no setting 'threds'; did you mean 'threads'?", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1, 2]")]
    [InlineData("listeners: [a]")]
    [InlineData("listeners: { http: { adress: 127.0.0.1:1 } }")]
    [InlineData("models: { path: '' }")]
    [InlineData("models: { watch: yes }")]
    [InlineData("models: { poll: -1s }")]
    [InlineData("limits: { maxRequestBytes: 5 }")]
    [InlineData("logging: { level: loud }")]
    [InlineData("a: &a [*a]")]
    [InlineData("{{{{")]
    public void A_wrong_file_is_refused(string yaml) =>
        Assert.Equal(ErrorCode.InvalidConfiguration, Assert.Throws<SlipwayException>(() => Read(yaml)).Code);

    [Fact]
    public void A_file_that_is_not_there_is_refused() =>
        Assert.Equal(ErrorCode.InvalidConfiguration, Assert.Throws<SlipwayException>(() => ServerConfiguration.Read(_file, [])).Code);

    private ServerOptions Read(string yaml, params (string Key, string Value)[] variables)
    {
        File.WriteAllText(_file, yaml);
        return ServerConfiguration.Read(_file, variables.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)));
    }
}
