using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;

namespace Slipway.Registry.Tests.Kit;

/// <summary>What every store of models, versions and aliases does.</summary>
public abstract class ModelRegistryKit : RegistryKit
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task A_model_is_created_found_and_described()
    {
        RegisteredModel created = await Registry.CreateModelAsync("fraud", "finds it", new Dictionary<string, string> { ["team"] = "risk" }, Ana, None);
        Assert.Equal(("fraud", "finds it", "ana"), (created.Name, created.Description, created.CreatedBy));
        Assert.Equal("risk", created.Tags["team"]);

        await Registry.DescribeModelAsync("fraud", null, Ana, None);
        await Registry.SetModelTagAsync("fraud", "team", null, Ana, None);
        await Registry.SetModelTagAsync("fraud", "never there", null, Ana, None);
        RegisteredModel found = (await Registry.FindModelAsync("fraud", None))!;

        Assert.Null(found.Description);
        Assert.Empty(found.Tags);
        Assert.Null(await Registry.FindModelAsync("Fraud", None));
        await RefusalAsync(ErrorCode.AlreadyExists, () => Registry.CreateModelAsync("fraud", null, NoTags, Ana, None));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a:b")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData(" a")]
    [InlineData("..%2f..%2fetc")]
    [InlineData("a%2fb")]
    [InlineData("a%252fb")]
    public async Task A_name_that_is_a_path_or_worse_is_refused(string name) =>
        await RefusalAsync(ErrorCode.InvalidRequest, () => Registry.CreateModelAsync(name, null, NoTags, Ana, None));

    [Fact]
    public async Task Text_that_a_database_would_alter_is_refused()
    {
        string half = $"half {(char)0xd800} of a pair";
        await RefusalAsync(ErrorCode.InvalidRequest, () => Registry.CreateModelAsync(half, null, NoTags, Ana, None));
        await RefusalAsync(ErrorCode.InvalidRequest, () => Registry.CreateModelAsync("fraud", half, NoTags, Ana, None));
        await RefusalAsync(ErrorCode.InvalidRequest, () => Registry.CreateModelAsync("fraud", "nul \0", NoTags, Ana, None));
        await RefusalAsync(ErrorCode.InvalidRequest, () => Registry.CreateModelAsync("fraud", null, new Dictionary<string, string> { [""] = "" }, Ana, None));
        Assert.Null(await Registry.FindModelAsync("fraud", None));
    }

    [Theory]
    [InlineData("Robert'); drop table models;--")]
    [InlineData("100 % certain")]
    [InlineData("模型-модель-😀")]
    [InlineData("a*b?c[d]_e")]
    public async Task A_name_that_is_only_unusual_is_kept_as_it_is(string name)
    {
        await PublishAsync(name);
        Assert.Equal(name, (await Registry.FindVersionAsync(name, 1, None))!.Model);
        SearchQuery query = SearchQuery.All with { Clauses = [Clause(SearchField.Attribute, "name", SearchOperator.Equal, name)] };
        Assert.Equal(name, Assert.Single((await Registry.SearchModelsAsync(query, None)).Items).Name);
        Assert.Equal(name, Assert.Single((await Registry.SearchVersionsAsync(query, None)).Items).Model);
    }

    [Fact]
    public async Task A_version_keeps_everything_it_was_created_with()
    {
        await PublishAsync("fraud");
        NewModelVersion version = new()
        {
            Model = "fraud",
            Manifest = new ModelManifest([await FileAsync("b/weights.bin", "1"), await FileAsync("model.onnx", "2")]),
            Source = "runs:/abc/model",
            Format = "onnx",
            SignatureJson = "{\"inputs\":[]}",
            Description = "second",
            Tags = new Dictionary<string, string> { ["a"] = "1", ["ключ"] = new string('x', 100_000) },
            Parameters = new Dictionary<string, string> { ["lr"] = "0.1" },
            Metrics = new Dictionary<string, double> { ["auc"] = 0.93, ["nan"] = double.NaN, ["inf"] = double.NegativeInfinity },
            RunId = "abc",
            RunLink = "https://example.org/abc",
            LoggedModelId = "m-1",
            TrainingDataDigest = "d1",
            ParentVersion = 1,
        };

        ModelVersion created = await Registry.CreateVersionAsync(version, Ana, None);
        ModelVersion found = (await Registry.FindVersionAsync("fraud", 2, None))!;

        Assert.Equivalent(created, found, strict: true);
        Assert.Equal(version.Manifest.Digest, found.Manifest!.Digest);
        Assert.Equal(version.Manifest.Files, found.Manifest.Files);
        Assert.Equal(version.Tags, found.Tags);
        Assert.Equal(version.Parameters, found.Parameters);
        Assert.Equal(version.Metrics, found.Metrics);
        Assert.Equal(
            (version.Source, version.Format, version.SignatureJson, version.Description, version.RunId, version.RunLink, version.LoggedModelId),
            (found.Source, found.Format, found.SignatureJson, found.Description, found.RunId, found.RunLink, found.LoggedModelId));
        Assert.Equal(("d1", 1L, "ana", "None", VersionStatus.Ready), (found.TrainingDataDigest, found.ParentVersion, found.CreatedBy, found.Stage, found.Status));
    }

    [Fact]
    public async Task A_version_without_its_content_is_refused_and_leaves_nothing()
    {
        ModelManifest manifest = new([new ArtifactFile("model.onnx", Sha256Digest.Of("never stored"u8), 12)]);
        SlipwayException refusal = await RefusalAsync(ErrorCode.FailedPrecondition, () => Registry.CreateVersionAsync(
            new NewModelVersion { Model = "fraud", CreateModel = true, Manifest = manifest }, Ana, None));

        Assert.Contains("model.onnx", refusal.Message, StringComparison.Ordinal);
        Assert.Null(await Registry.FindModelAsync("fraud", None));
        Assert.Empty(await Registry.GetEventsAsync(null, 0, 100, None));
    }

    [Fact]
    public async Task A_version_of_an_unknown_model_is_refused() =>
        await RefusalAsync(ErrorCode.ModelNotFound, () => Registry.CreateVersionAsync(new NewModelVersion { Model = "nobody" }, Ana, None));

    [Fact]
    public async Task A_number_is_never_given_twice()
    {
        await PublishAsync("fraud");
        await PublishAsync("fraud");
        await Registry.DeleteVersionAsync("fraud", 2, Ana, None);
        Assert.Equal(3, (await PublishAsync("fraud")).Number);
        Assert.Null(await Registry.FindVersionAsync("fraud", 2, None));
        await RefusalAsync(ErrorCode.VersionNotFound, () => Registry.DeleteVersionAsync("fraud", 2, Ana, None));
    }

    [Fact]
    public async Task An_alias_moves_by_compare_and_set()
    {
        await PublishAsync("fraud", "1");
        await PublishAsync("fraud", "2");

        Assert.Null(await Registry.SetAliasAsync("fraud", "champion", 1, AliasExpectation.Absent, Ana, None));
        await RefusalAsync(ErrorCode.VersionConflict, () => Registry.SetAliasAsync("fraud", "champion", 2, AliasExpectation.Absent, Ana, None));
        await RefusalAsync(ErrorCode.VersionConflict, () => Registry.SetAliasAsync("fraud", "champion", 2, AliasExpectation.At(2), Ana, None));
        Assert.Equal(1, await Registry.SetAliasAsync("fraud", "champion", 2, AliasExpectation.At(1), Ana, None));
        Assert.Equal(2, (await Registry.FindVersionByAliasAsync("fraud", "champion", None))!.Number);
        Assert.Equal(["champion"], (await Registry.FindVersionAsync("fraud", 2, None))!.Aliases);
        Assert.Equal(2, (await Registry.FindModelAsync("fraud", None))!.Aliases["champion"]);

        await RefusalAsync(ErrorCode.VersionNotFound, () => Registry.SetAliasAsync("fraud", "champion", 9, AliasExpectation.Any, Ana, None));
        await RefusalAsync(ErrorCode.ModelNotFound, () => Registry.SetAliasAsync("nobody", "champion", 1, AliasExpectation.Any, Ana, None));
        Assert.True(await Registry.DeleteAliasAsync("fraud", "champion", Ana, None));
        Assert.False(await Registry.DeleteAliasAsync("fraud", "champion", Ana, None));
        Assert.Null(await Registry.FindVersionByAliasAsync("fraud", "champion", None));
    }

    [Theory]
    [InlineData("")]
    [InlineData("latest")]
    [InlineData("Latest")]
    [InlineData("v12")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("..")]
    public async Task An_alias_that_means_something_else_is_refused(string alias)
    {
        await PublishAsync("fraud");
        await RefusalAsync(ErrorCode.InvalidRequest, () => Registry.SetAliasAsync("fraud", alias, 1, AliasExpectation.Any, Ana, None));
    }

    [Fact]
    public async Task Deleting_a_version_deletes_the_aliases_at_it()
    {
        await PublishAsync("fraud");
        await PublishAsync("fraud");
        await Registry.SetAliasAsync("fraud", "champion", 1, AliasExpectation.Any, Ana, None);
        await Registry.SetAliasAsync("fraud", "other", 2, AliasExpectation.Any, Ana, None);
        await Registry.DeleteVersionAsync("fraud", 1, Ana, None);
        Assert.Equal(["other"], (await Registry.FindModelAsync("fraud", None))!.Aliases.Keys);
    }

    [Fact]
    public async Task A_rename_takes_versions_and_aliases_along()
    {
        await PublishAsync("fraud");
        await PublishAsync("taken");
        await Registry.SetAliasAsync("fraud", "champion", 1, AliasExpectation.Any, Ana, None);
        await RefusalAsync(ErrorCode.AlreadyExists, () => Registry.RenameModelAsync("fraud", "taken", Ana, None));

        await Registry.RenameModelAsync("fraud", "scoring", Ana, None);

        Assert.Null(await Registry.FindModelAsync("fraud", None));
        Assert.Equal("scoring", (await Registry.FindVersionByAliasAsync("scoring", "champion", None))!.Model);
        Assert.Equal(2, (await PublishAsync("scoring")).Number);
        Assert.Contains(await Registry.GetEventsAsync("scoring", 0, 100, None), static happened => happened.Kind == RegistryEventKinds.ModelCreated);
    }

    [Fact]
    public async Task Stages_are_canonical_and_make_room()
    {
        await PublishAsync("fraud");
        await PublishAsync("fraud");
        await PublishAsync("fraud");
        Assert.Equal("Production", (await Registry.SetStageAsync("fraud", 1, "production", false, Ana, None)).Stage);
        await Registry.SetStageAsync("fraud", 2, "Production", archiveOthers: true, Ana, None);
        await RefusalAsync(ErrorCode.InvalidRequest, () => Registry.SetStageAsync("fraud", 2, "Elsewhere", false, Ana, None));

        Assert.Equal("Archived", (await Registry.FindVersionAsync("fraud", 1, None))!.Stage);
        Assert.Equal([1L, 3L, 2L], (await Registry.GetLatestVersionsAsync("fraud", [], None)).Select(static version => version.Number));
        Assert.Equal([2L], (await Registry.GetLatestVersionsAsync("fraud", ["Production", "Staging"], None)).Select(static version => version.Number));
    }

    [Fact]
    public async Task Every_change_is_an_event_with_actor_and_reason()
    {
        await PublishAsync("fraud");
        await Registry.SetAliasAsync("fraud", "champion", 1, AliasExpectation.Any, new ChangeContext("ben", "better"), None);
        await Registry.SetAliasAsync("fraud", "champion", 1, AliasExpectation.Any, new ChangeContext("ben", "again"), None);
        await Registry.ApproveAsync("fraud", 1, "fine", new ChangeContext("eva"), None);
        await Registry.ApproveAsync("fraud", 1, "fine still", new ChangeContext("eva"), None);
        await Registry.DeleteModelAsync("fraud", Ana, None);

        IReadOnlyList<RegistryEvent> events = await Registry.GetEventsAsync("fraud", 0, 100, None);

        Assert.Equal(
            [RegistryEventKinds.ModelCreated, RegistryEventKinds.VersionCreated, RegistryEventKinds.AliasMoved, RegistryEventKinds.VersionApproved, RegistryEventKinds.ModelDeleted],
            events.Select(static happened => happened.Kind));
        Assert.Equal(("ben", "better", 1L), (events[2].Actor, events[2].Reason, events[2].Version));
        Assert.Equal(events.Skip(3), await Registry.GetEventsAsync("fraud", events[2].Sequence, 100, None));
        Assert.Equal(events.Take(2), await Registry.GetEventsAsync(null, 0, 2, None));
    }

    [Fact]
    public async Task Lineage_tells_parents_children_and_relatives()
    {
        await PublishAsync("fraud", "same");
        await Registry.CreateVersionAsync(new NewModelVersion { Model = "fraud", ParentVersion = 1, TrainingDataDigest = "d" }, Ana, None);
        await PublishAsync("copy", "same");
        await Registry.CreateVersionAsync(new NewModelVersion { Model = "copy", TrainingDataDigest = "d" }, Ana, None);
        await RefusalAsync(ErrorCode.VersionNotFound, () => Registry.CreateVersionAsync(new NewModelVersion { Model = "copy", ParentVersion = 77 }, Ana, None));

        VersionLineage first = await Registry.GetLineageAsync("fraud", 1, None);
        VersionLineage second = await Registry.GetLineageAsync("fraud", 2, None);

        Assert.Equal(("fraud", 2L), Assert.Single(first.Children.Select(static child => (child.Model, child.Number))));
        Assert.Equal("copy", Assert.Single(first.SameContent).Model);
        Assert.Equal(1, second.Parent!.Number);
        Assert.Equal(("copy", 2L), Assert.Single(second.SameData.Select(static other => (other.Model, other.Number))));
    }

    [Fact]
    public async Task Watching_tells_the_newest_event_at_once_and_after_changes_of_others()
    {
        await PublishAsync("fraud");
        IModelRegistry elsewhere = Open(Options).GetRequiredService<IModelRegistry>();
        await using IAsyncEnumerator<long> watch = Registry.WatchAsync(None).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        long first = watch.Current;
        Assert.Equal((await Registry.GetEventsAsync(null, 0, 100, None))[^1].Sequence, first);

        ValueTask<bool> next = watch.MoveNextAsync();
        await elsewhere.SetAliasAsync("fraud", "champion", 1, AliasExpectation.Any, Ana, None);

        Assert.True(await next.AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.True(watch.Current > first);
    }
}
