using System.Diagnostics;
using System.Globalization;
using Slipway.Core;
using Slipway.TestKit;

namespace Slipway.OnnxRuntime.Tests.Native;

public sealed class OrtTelemetryTests
{
    /// <summary>The engine's telemetry opens a log of this name in the folder for temporary files as soon as it starts.</summary>
    private static string LogOf(int process) => Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"mat-debug-{process}.log"));

    [Fact]
    public async Task The_engine_does_not_report_to_its_vendor()
    {
        // The engine's environment, which starts the telemetry where it is not forbidden, comes with the first model.
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        using ILoadedModel model = await Engine.LoadAsync(File.ReadAllBytes(Assets.PathOf("onnx/runtime/mul_1.onnx")));
        using Process self = Process.GetCurrentProcess();
        Assert.False(File.Exists(LogOf(self.Id)));
    }
}
