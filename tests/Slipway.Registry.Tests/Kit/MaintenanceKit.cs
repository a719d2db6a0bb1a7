using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Registry.Maintenance;

namespace Slipway.Registry.Tests.Kit;

/// <summary>How every store is checked and collected.</summary>
public abstract class MaintenanceKit : RegistryKit
{
    protected static CancellationToken None => CancellationToken.None;

    private DataCheck Check => Services.GetRequiredService<DataCheck>();

    [Fact]
    public async Task Data_that_is_whole_has_no_problems()
    {
        await FillAsync();
        DataReport report = await Check.RunAsync(readContent: true, None);
        Assert.Empty(report.Problems);
        Assert.Equal((1L, 2L, 1L, 3L, 1L), (report.Models, report.Versions, report.Artifacts, report.Blobs, report.Orphans));
    }

    [Fact]
    public async Task A_missing_blob_is_found_with_who_refers_to_it()
    {
        ModelVersion version = await FillAsync();
        await Blobs.DeleteAsync(version.Manifest!.Files[0].Digest, None);
        DataProblem problem = Assert.Single((await Check.RunAsync(readContent: false, None)).Problems);
        Assert.Equal("blob-missing", problem.Kind);
        Assert.Contains("fraud", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Collection_removes_what_nothing_refers_to_once_it_is_old()
    {
        ModelVersion version = await FillAsync();
        Assert.Equal(0, (await CollectorAsync(TimeSpan.FromHours(1), dryRun: false)).Removed);
        Assert.Equal(1, (await CollectorAsync(TimeSpan.FromHours(-1), dryRun: true)).Removed);
        Assert.Equal(3, (await Check.RunAsync(false, None)).Blobs);
        Assert.Equal(1, (await CollectorAsync(TimeSpan.FromHours(-1), dryRun: false)).Removed);
        Assert.Equal((2L, 0L), ((await Check.RunAsync(true, None)).Blobs, (await Check.RunAsync(true, None)).Orphans));

        await Registry.DeleteVersionAsync("fraud", 2, Ana, None);
        Assert.Equal(1, (await CollectorAsync(TimeSpan.FromHours(-1), dryRun: false)).Removed);
        Assert.Null(await Blobs.GetLengthAsync(version.Manifest!.Files[0].Digest, None));
        await RefusalAsync(ErrorCode.FailedPrecondition, () => Registry.CreateVersionAsync(
            new NewModelVersion { Model = "fraud", Manifest = version.Manifest }, Ana, None));
        Assert.Empty((await Check.RunAsync(true, None)).Problems);
    }

    [Fact]
    public async Task Content_that_two_versions_share_stays_until_both_are_gone()
    {
        await PublishAsync("a", "shared");
        await PublishAsync("b", "shared");
        await Registry.DeleteModelAsync("a", Ana, None);
        Assert.Equal(0, (await CollectorAsync(TimeSpan.FromHours(-1), dryRun: false)).Removed);
        await Registry.DeleteModelAsync("b", Ana, None);
        Assert.Equal(1, (await CollectorAsync(TimeSpan.FromHours(-1), dryRun: false)).Removed);
    }

    /// <summary>Two versions, an artifact that shares the first one's content, and a blob of nobody.</summary>
    protected async Task<ModelVersion> FillAsync()
    {
        await PublishAsync("fraud", "one");
        ModelVersion second = await PublishAsync("fraud", "two");
        await Registry.SetAliasAsync("fraud", "champion", 1, AliasExpectation.Any, Ana, None);
        await Artifacts.PutAsync("1/r/artifacts/x", new MemoryStream(Encoding.UTF8.GetBytes("one")), Ana, None);
        await Blobs.PutAsync(new MemoryStream(Encoding.UTF8.GetBytes("of nobody")), long.MaxValue, None);
        return second;
    }

    /// <summary>Collects with a grace period; a negative one stands for time that has passed.</summary>
    private Task<CollectionReport> CollectorAsync(TimeSpan grace, bool dryRun) =>
        Open(Options with { CollectionGrace = grace }).GetRequiredService<GarbageCollector>().CollectAsync(dryRun, None);
}
