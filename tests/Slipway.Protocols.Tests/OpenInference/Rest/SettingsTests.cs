using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Protocols.OpenInference.Rest;
using Slipway.Protocols.OpenInference.Settings;
using Slipway.Protocols.Tracing;
using Slipway.TestKit.Fakes;

namespace Slipway.Protocols.Tests.OpenInference.Rest;

public sealed class SettingsTests
{
    private readonly LogThreshold _threshold = new(LogLevel.Information);
    private readonly TraceSampling _sampling = new(0.01);

    [Theory]
    [InlineData("""{"log_verbose_level":1}""", LogLevel.Debug)]
    [InlineData("""{"log_verbose_level":7}""", LogLevel.Trace)]
    [InlineData("""{"log_verbose_level":0}""", LogLevel.Information)]
    [InlineData("""{"log_info":false}""", LogLevel.Warning)]
    [InlineData("""{"log_info":false,"log_warning":false}""", LogLevel.Error)]
    [InlineData("""{"log_error":false}""", LogLevel.Critical)]
    [InlineData("""{"log_file":"","log_format":"default","log_info":null}""", LogLevel.Information)]
    [InlineData("{}", LogLevel.Information)]
    public async Task What_is_logged_can_be_changed(string change, LogLevel expected)
    {
        await using ProtocolHost host = await StartAsync();
        (HttpStatusCode status, string answer) = await PostAsync(host, "/v2/logging", change);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(expected, _threshold.Level);
        Assert.Equal(answer, await host.Client.GetStringAsync("/v2/logging"));
        Assert.Contains($"\"log_info\":{(expected <= LogLevel.Information ? "true" : "false")}", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"log_info":true,"log_warning":false}""", 400, "contradicts")]
    [InlineData("""{"log_verbose_level":1,"log_info":false}""", 400, "contradicts")]
    [InlineData("""{"log_verbose_level":-1}""", 400, "integer")]
    [InlineData("""{"log_info":"yes"}""", 400, "true or false")]
    [InlineData("""{"log_level":1}""", 400, "unknown log setting 'log_level'")]
    [InlineData("""{"log_info":true,"log_info":false}""", 400, "second time")]
    [InlineData("""{"log_verbose_level":1,"log_file":"/tmp/x"}""", 501, "log_file")]
    [InlineData("""{"log_format":"ISO8601"}""", 501, "log_format")]
    [InlineData("[]", 400, "object")]
    public async Task A_wrong_log_setting_is_refused_and_changes_nothing(string change, int status, string culprit)
    {
        await using ProtocolHost host = await StartAsync();
        (HttpStatusCode code, string answer) = await PostAsync(host, "/v2/logging", change);
        Assert.Equal((HttpStatusCode)status, code);
        Assert.Contains(culprit, answer, StringComparison.Ordinal);
        Assert.Equal(LogLevel.Information, _threshold.Level);
    }

    [Theory]
    [InlineData("""{"trace_rate":"10"}""", "TIMESTAMPS", "10", "-1")]
    [InlineData("""{"trace_rate":4,"trace_count":"3"}""", "TIMESTAMPS", "4", "3")]
    [InlineData("""{"trace_level":["OFF"]}""", "OFF", "100", "-1")]
    [InlineData("""{"trace_level":"TIMESTAMPS","trace_rate":null,"trace_mode":"opentelemetry"}""", "TIMESTAMPS", "100", "-1")]
    public async Task How_much_is_traced_can_be_changed_and_put_back(string change, string level, string rate, string count)
    {
        await using ProtocolHost host = await StartAsync();
        (HttpStatusCode status, string answer) = await PostAsync(host, "/v2/trace/setting", change);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal($$"""{"trace_level":["{{level}}"],"trace_rate":"{{rate}}","trace_count":"{{count}}","trace_mode":"opentelemetry"}""", answer);
        Assert.Equal(answer, await host.Client.GetStringAsync("/v2/models/linear/trace/setting"));
        (_, answer) = await PostAsync(host, "/v2/trace/setting", """{"trace_level":null,"trace_rate":[],"trace_count":null}""");
        Assert.Equal("""{"trace_level":["TIMESTAMPS"],"trace_rate":"100","trace_count":"-1","trace_mode":"opentelemetry"}""", answer);
    }

    [Theory]
    [InlineData("/v2/trace/setting", """{"trace_level":["TENSORS"]}""", 501, "TENSORS")]
    [InlineData("/v2/trace/setting", """{"trace_rate":"5","trace_file":"/tmp/x"}""", 501, "trace_file")]
    [InlineData("/v2/trace/setting", """{"trace_rate":"0"}""", 400, "trace_rate")]
    [InlineData("/v2/trace/setting", """{"trace_rate":"5","trace_count":"-2"}""", 400, "trace_count")]
    [InlineData("/v2/trace/setting", """{"trace_level":["LOUD"]}""", 400, "trace_level")]
    [InlineData("/v2/trace/setting", """{"rate":"1"}""", 400, "unknown trace setting 'rate'")]
    [InlineData("/v2/trace/setting", """{"trace_rate":{}}""", 400, "list of texts")]
    [InlineData("/v2/models/linear/trace/setting", """{"trace_rate":"5"}""", 501, "model has no trace settings")]
    [InlineData("/v2/models/nope/trace/setting", """{"trace_rate":"5"}""", 404, "unknown model")]
    public async Task A_wrong_trace_setting_is_refused_and_changes_nothing(string path, string change, int status, string culprit)
    {
        await using ProtocolHost host = await StartAsync();
        (HttpStatusCode code, string answer) = await PostAsync(host, path, change);
        Assert.Equal((HttpStatusCode)status, code);
        Assert.Contains(culprit, answer, StringComparison.Ordinal);
        Assert.Same(_sampling.Configured, _sampling.Now);
    }

    [Fact]
    public void A_count_of_traces_is_used_up_even_by_many_at_once()
    {
        _sampling.Set(new Sampling(isOn: true, ratio: 1, most: 100));
        int drawn = 0;
        Parallel.For(0, 8, worker =>
        {
            Random random = new(worker);
            for (int i = 0; i < 1000; i++)
            {
                if (_sampling.Draw(random))
                {
                    Interlocked.Increment(ref drawn);
                }
            }
        });
        Assert.Equal(100, drawn);
        Assert.Equal(0, _sampling.Now.Left);
    }

    [Fact]
    public void Draws_follow_the_share()
    {
        _sampling.Set(new Sampling(isOn: true, ratio: 0.25));
        Random random = new(7);
        Assert.InRange(Enumerable.Range(0, 10_000).Count(_ => _sampling.Draw(random)), 2300, 2700);
        _sampling.Set(new Sampling(isOn: false, ratio: 1));
        Assert.False(_sampling.Draw(random));
        Assert.False(new TraceSampling(0).Draw(random));
    }

    private static async Task<(HttpStatusCode Status, string Answer)> PostAsync(ProtocolHost host, string path, string body)
    {
        using HttpResponseMessage answer = await host.Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private Task<ProtocolHost> StartAsync() => ProtocolHost.StartAsync(
        new FakeInference(SampleModels.Linear),
        static endpoints => endpoints.MapOpenInferenceRest(),
        services: services => services.AddSingleton(_threshold).AddSingleton(_sampling));
}
