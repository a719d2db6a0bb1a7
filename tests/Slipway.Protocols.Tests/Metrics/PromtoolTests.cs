using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Protocols.Metrics;

namespace Slipway.Protocols.Tests.Metrics;

public sealed class PromtoolTests
{
    [Fact]
    public async Task Prometheus_own_checker_finds_nothing_to_complain_of()
    {
        string? promtool = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, "promtool")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(promtool is null, "promtool is not installed (Debian package prometheus)");
        await using MetricsHost host = await MetricsHost.StartAsync(options => options.Meters.Remove("System.Runtime"));
        ProtocolMetrics protocols = host.Services.GetRequiredService<ProtocolMetrics>();
        ServableInfo servable = new("iris", 1, "", new ModelSignature([], []), ModelConfig.Default) { Platform = "onnxruntime_onnx" };
        RequestScope scope = protocols.Start(ProtocolOperation.OpenInferenceHttpInfer);
        protocols.Encoded(scope, servable, scope.Started);
        protocols.Stop(scope, servable, null, 1, 1);
        string text = await host.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        using Process process = Process.Start(new ProcessStartInfo(promtool!, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await process.StandardInput.WriteAsync(text);
        process.StandardInput.Close();
        string complaints = await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal("", complaints);
        Assert.Equal(0, process.ExitCode);
    }
}
