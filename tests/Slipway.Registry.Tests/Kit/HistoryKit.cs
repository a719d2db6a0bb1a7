using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.TestKit.Fakes;

namespace Slipway.Registry.Tests.Kit;

/// <summary>What every store tells of the past.</summary>
public abstract class HistoryKit : RegistryKit
{
    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken None => CancellationToken.None;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _services = Open(Options, _clock);
    }

    private IServiceProvider _services = null!;

    private IModelRegistry Past => _services.GetRequiredService<IModelRegistry>();

    [Fact]
    public async Task The_past_tells_aliases_approvals_stages_tags_and_who_did_it()
    {
        DateTimeOffset before = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromHours(1));
        await VersionAsync("fraud");
        await Past.ApproveAsync("fraud", 1, "good", new ChangeContext("eva"), None);
        await Past.SetAliasAsync("fraud", "champion", 1, AliasExpectation.Any, new ChangeContext("ben", "launch"), None);
        await Past.SetVersionTagAsync("fraud", 1, "k", "old", Ana, None);
        DateTimeOffset first = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromHours(1));
        await VersionAsync("fraud");
        await Past.SetAliasAsync("fraud", "champion", 2, AliasExpectation.Any, new ChangeContext("cleo"), None);
        await Past.SetStageAsync("fraud", 1, "Archived", false, Ana, None);
        await Past.SetVersionTagAsync("fraud", 1, "k", null, Ana, None);
        DateTimeOffset second = _clock.GetUtcNow();

        Assert.Null(await Past.GetHistoryAsync("fraud", before, None));
        ModelHistory then = (await Past.GetHistoryAsync("fraud", first, None))!;
        AliasPlacement placement = Assert.Single(then.Aliases);
        Assert.Equal(("champion", 1L, "ben", "launch"), (placement.Alias, placement.Version, placement.Move.Actor, placement.Move.Reason));
        ModelVersion version = Assert.Single(then.Versions);
        Assert.Equal(("eva", "good"), (version.Approvals[0].Actor, version.Approvals[0].Comment));
        Assert.Equal(("old", "None", 1L), (version.Tags["k"], version.Stage, then.Model.Aliases["champion"]));

        ModelHistory now = (await Past.GetHistoryAsync("fraud", second, None))!;
        Assert.Equal([2L], now.Aliases.Select(static alias => alias.Version));
        Assert.Equal(["Archived", "None"], now.Versions.Select(static version => version.Stage));
        Assert.DoesNotContain("k", now.Versions[0].Tags.Keys);
    }

    [Fact]
    public async Task The_present_is_what_the_events_tell()
    {
        await VersionAsync("fraud");
        await Past.DescribeModelAsync("fraud", "a", Ana, None);
        await Past.SetModelTagAsync("fraud", "t", "1", Ana, None);
        await Past.DescribeVersionAsync("fraud", 1, "v", Ana, None);
        await Past.SetAliasAsync("fraud", "champion", 1, AliasExpectation.Any, Ana, None);
        await VersionAsync("fraud");
        await Past.DescribeModelAsync("fraud", null, Ana, None);
        ModelHistory told = (await Past.GetHistoryAsync("fraud", _clock.GetUtcNow(), None))!;

        Assert.Equivalent(await Past.FindModelAsync("fraud", None), told.Model, strict: true);
        foreach (ModelVersion version in told.Versions)
        {
            Assert.Equivalent(await Past.FindVersionAsync("fraud", version.Number, None), version, strict: true);
        }
    }

    [Fact]
    public async Task A_deleted_model_still_has_its_past_and_its_name_is_free()
    {
        await VersionAsync("fraud", "first");
        await Past.SetAliasAsync("fraud", "champion", 1, AliasExpectation.Any, Ana, None);
        DateTimeOffset alive = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromMinutes(1));
        await Past.DeleteModelAsync("fraud", Ana, None);
        DateTimeOffset gone = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromMinutes(1));
        ModelVersion reborn = await VersionAsync("fraud", "second");

        ModelHistory first = (await Past.GetHistoryAsync("fraud", alive, None))!;
        Assert.Equal(1, Assert.Single(first.Aliases).Version);
        Assert.NotEqual(reborn.Manifest!.Digest, Assert.Single(first.Versions).Manifest!.Digest);
        Assert.Null(await Past.GetHistoryAsync("fraud", gone, None));
        Assert.Equal(reborn.Manifest.Digest, (await Past.GetHistoryAsync("fraud", _clock.GetUtcNow(), None))!.Versions[0].Manifest!.Digest);
    }

    [Fact]
    public async Task A_renamed_model_is_found_under_the_name_of_then_and_of_now()
    {
        await VersionAsync("fraud");
        DateTimeOffset before = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromMinutes(1));
        await Past.RenameModelAsync("fraud", "scoring", Ana, None);

        Assert.Equal("fraud", (await Past.GetHistoryAsync("fraud", before, None))!.Model.Name);
        Assert.Equal("fraud", (await Past.GetHistoryAsync("scoring", before, None))!.Model.Name);
        Assert.Equal("scoring", (await Past.GetHistoryAsync("scoring", _clock.GetUtcNow(), None))!.Versions[0].Model);
        Assert.Null(await Past.GetHistoryAsync("fraud", _clock.GetUtcNow(), None));
    }

    [Fact]
    public async Task A_clock_that_goes_back_does_not_disorder_the_past()
    {
        await VersionAsync("fraud");
        FakeTimeProvider earlier = new();
        _clock.Advance(TimeSpan.FromHours(1));
        await Past.DescribeModelAsync("fraud", "later", Ana, None);
        await Open(Options, earlier).GetRequiredService<IModelRegistry>().DescribeModelAsync("fraud", "latest", Ana, None);

        IReadOnlyList<RegistryEvent> events = await Past.GetEventsAsync(null, 0, 100, None);
        Assert.Equal(events.OrderBy(static happened => happened.Time).ThenBy(static happened => happened.Sequence), events);
        Assert.Equal("latest", (await Past.GetHistoryAsync("fraud", _clock.GetUtcNow(), None))!.Model.Description);
    }

    private async Task<ModelVersion> VersionAsync(string model, string content = "weights") => await Past.CreateVersionAsync(
        new NewModelVersion
        {
            Model = model,
            CreateModel = true,
            Manifest = new ModelManifest([await FileAsync("model.onnx", content)]),
            Tags = new Dictionary<string, string> { ["a"] = "b" },
            Metrics = new Dictionary<string, double> { ["nan"] = double.NaN },
            Source = "runs:/x",
        },
        Ana,
        None);
}
