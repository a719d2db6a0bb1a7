using Slipway.Core;
using Slipway.Server.Configuration;
using Slipway.Server.Options;
using Slipway.Server.Telemetry;

namespace Slipway.Server.Tests.Telemetry;

public sealed class TelemetrySettingsTests
{
    [Fact]
    public void Settings_are_read_and_secrets_are_not_shown()
    {
        ServerOptions options = ServerConfiguration.Read(
            null,
            [
                new("SLIPWAY__TELEMETRY__ENDPOINT", "https://collector:4317/"),
                new("SLIPWAY__TELEMETRY__PROTOCOL", "grpc"),
                new("SLIPWAY__TELEMETRY__HEADERS__AUTHORIZATION", "Bearer geheim"),
                new("SLIPWAY__TELEMETRY__SAMPLINGRATIO", "0.25"),
                new("SLIPWAY__TELEMETRY__METRICSINTERVAL", "5s"),
                new("SLIPWAY__LOGGING__ACCESS", "true"),
            ]);

        Assert.Equal(new Uri("https://collector:4317/"), options.Telemetry.Endpoint);
        Assert.Equal(OtlpProtocol.Grpc, options.Telemetry.Protocol);
        Assert.Equal("Bearer geheim", options.Telemetry.Headers["authorization"]);
        Assert.Equal(0.25, options.Telemetry.SamplingRatio);
        Assert.Equal(TimeSpan.FromSeconds(5), options.Telemetry.MetricsInterval);
        Assert.True(options.Logging.Access);
        Assert.DoesNotContain(Settings.All, setting => setting.Show(options).Contains("geheim", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("SLIPWAY__TELEMETRY__ENDPOINT", "ftp://x", "telemetry.endpoint")]
    [InlineData("SLIPWAY__TELEMETRY__ENDPOINT", "collector", "telemetry.endpoint")]
    [InlineData("SLIPWAY__TELEMETRY__SAMPLINGRATIO", "1.5", "telemetry.samplingRatio")]
    [InlineData("SLIPWAY__TELEMETRY__METRICSINTERVAL", "10ms", "telemetry.metricsInterval")]
    [InlineData("SLIPWAY__TELEMETRY__HEADERS__KEY", "a,b", "telemetry.headers")]
    [InlineData("SLIPWAY__TELEMETRY__PROTOCOL", "smoke", "telemetry.protocol")]
    public void A_wrong_value_is_refused_by_its_key(string variable, string value, string key)
    {
        SlipwayException refusal = Assert.Throws<SlipwayException>(() => ServerConfiguration.Read(null, [new(variable, value)]));
        Assert.Equal(ErrorCode.InvalidConfiguration, refusal.Code);
        Assert.Contains(key, refusal.Message, StringComparison.Ordinal);
    }
}
