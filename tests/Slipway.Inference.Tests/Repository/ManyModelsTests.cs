using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.Inference.Repository;
using Slipway.TestKit;

namespace Slipway.Inference.Tests.Repository;

public sealed class ManyModelsTests
{
    [Fact]
    public Task Hundreds_of_models_are_listed_and_looked_at_again() => LookTwiceAsync(300);

    [Fact]
    [Trait("Category", "Slow")]
    public Task Ten_thousand_models_are_listed_and_looked_at_again() => LookTwiceAsync(10_000);

    private static async Task LookTwiceAsync(int models)
    {
        using TemporaryFolder folder = new();
        byte[] model = OnnxModels.Identity();
        for (int i = 0; i < models; i++)
        {
            folder.Write($"model-{i}/1/model.onnx", model);
        }

        folder.Age(TimeSpan.FromMinutes(1));
        FolderModelSourceOptions options = new() { Path = folder.Root };
        using ScanLoop loop = new(new FolderScanner(options, TimeProvider.System), options, TimeProvider.System, NullLogger.Instance);
        long start = Stopwatch.GetTimestamp();
        DesiredState first = await loop.LookAsync(CancellationToken.None);
        TimeSpan listing = Stopwatch.GetElapsedTime(start);

        Assert.Equal(models, first.Models.Count);
        Assert.All(first.Models.Values, static desired => Assert.Single(desired.Versions));
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        start = Stopwatch.GetTimestamp();
        DesiredState second = await loop.LookAsync(CancellationToken.None);
        TimeSpan again = Stopwatch.GetElapsedTime(start);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;

        Assert.Same(first, second);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{models} models: first look {listing.TotalMilliseconds:F0} ms, next {again.TotalMilliseconds:F0} ms, {allocated / models} bytes allocated per model");
    }
}
