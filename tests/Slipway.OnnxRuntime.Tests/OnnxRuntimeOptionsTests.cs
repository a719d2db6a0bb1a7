using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Slipway.Core;

namespace Slipway.OnnxRuntime.Tests;

public sealed class OnnxRuntimeOptionsTests
{
    [Fact]
    public void Every_fault_is_reported_with_its_key()
    {
        OnnxRuntimeOptions options = new() { IntraOpThreads = -1, InterOpThreads = 5000, OptimizedModelFolder = "", ProfilingFolder = "a\0b" };

        ValidateOptionsResult result = new OnnxRuntimeOptionsValidator().Validate(null, options);

        Assert.Equal(4, result.Failures!.Count());
        foreach (string key in new[] { nameof(options.IntraOpThreads), nameof(options.InterOpThreads), nameof(options.OptimizedModelFolder), nameof(options.ProfilingFolder) })
        {
            Assert.Contains(result.Failures!, fault => fault.StartsWith($"engine:{key} ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Runtime_is_registered_once_under_its_contract()
    {
        using ServiceProvider services = new ServiceCollection().AddLogging().AddOnnxRuntime().AddOnnxRuntime().BuildServiceProvider();

        IModelRuntime runtime = Assert.Single(services.GetServices<IModelRuntime>());

        Assert.Equal("onnx", runtime.Name);
        Assert.Same(runtime, services.GetRequiredService<OnnxModelRuntime>());
    }

    [Fact]
    public void Defaults_are_valid()
    {
        Assert.True(new OnnxRuntimeOptionsValidator().Validate(null, new OnnxRuntimeOptions()).Succeeded);
    }
}
