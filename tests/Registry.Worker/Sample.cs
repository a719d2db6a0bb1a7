using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;

namespace Slipway.Registry.Worker;

/// <summary>Something of everything that a registry keeps, and a description of all of it: for stores of old schemas.</summary>
public static class Sample
{
    private static readonly ChangeContext Ana = new("ana", "as an example");
    private static readonly ChangeContext Ben = new("ben", null);
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Contents of the sample's blobs.</summary>
    public static IReadOnlyList<string> Contents { get; } = ["one", "two", "config", "note"];

    /// <summary>Fills an empty registry.</summary>
    public static async Task FillAsync(IServiceProvider services)
    {
        IModelRegistry registry = services.GetRequiredService<IModelRegistry>();
        ITrackingStore tracking = services.GetRequiredService<ITrackingStore>();
        Dictionary<string, BlobInfo> blobs = await StoreContentsAsync(services);

        string experiment = (await tracking.CreateExperimentAsync("trials", null, Map("owner", "risk"), Ana, default)).Id;
        TrackedRun run = await tracking.CreateRunAsync(new NewRun(experiment, "first", "ana", 1_700_000_000_000, Map("mlflow.user", "ana")), Ana, default);
        await tracking.LogBatchAsync(
            run.Id,
            new RunBatch(
                [new("accuracy", 0.5, 1_700_000_000_001, 1), new("accuracy", 0.75, 1_700_000_000_002, 2), new("loss", double.NaN, 1_700_000_000_002, 2), new("ratio", double.PositiveInfinity, 1, -1)],
                Map("depth", "7"),
                Map("note", "ä 😀 '\"")),
            Ana,
            default);
        LoggedModel logged = await tracking.CreateLoggedModelAsync(new NewLoggedModel(experiment, "net", "onnx", run.Id, Map("layers", "3"), Map("kind", "small")), Ana, default);
        await tracking.SetLoggedModelStatusAsync(logged.Id, LoggedModelStatus.Ready, null, Ana, default);
        await tracking.LogInputsAsync(
            run.Id, [new DatasetInput("claims", "d1", "local", "{}", "{\"a\":1}", null, Map("mlflow.data.context", "training"))], [logged.Id], Ana, default);
        await tracking.LogOutputsAsync(run.Id, [new LoggedModelOutput(logged.Id, 2)], Ana, default);
        await tracking.UpdateRunAsync(run.Id, RunStatus.Finished, 1_700_000_001_000, null, Ana, default);
        string gone = (await tracking.CreateRunAsync(new NewRun(experiment, "gone", "", null, Map()), Ben, default)).Id;
        await tracking.SetRunDeletedAsync(gone, true, Ben, default);

        await registry.CreateModelAsync("fraud-old", "finds it", Map("team", "risk"), Ana, default);
        await registry.RenameModelAsync("fraud-old", "fraud", Ana, default);
        await registry.CreateVersionAsync(
            new NewModelVersion
            {
                Model = "fraud",
                Manifest = new ModelManifest([File("model.onnx", blobs["one"]), File("config.json", blobs["config"])]),
                Source = $"runs:/{run.Id}/model",
                Format = "onnx",
                SignatureJson = """{"inputs":[],"outputs":[]}""",
                Description = "the first",
                Tags = Map("team", "risk"),
                Parameters = Map("depth", "7"),
                Metrics = new Dictionary<string, double> { ["accuracy"] = 0.75 },
                RunId = run.Id,
                LoggedModelId = logged.Id,
                TrainingDataDigest = "d1",
            },
            Ana,
            default);
        await registry.CreateVersionAsync(
            new NewModelVersion { Model = "fraud", Manifest = new ModelManifest([File("model.onnx", blobs["two"])]), ParentVersion = 1, Tags = Map("team", "risk") }, Ben, default);
        await registry.CreateVersionAsync(new NewModelVersion { Model = "fraud", Source = "s3://elsewhere/model" }, Ben, default);
        await registry.SetAliasAsync("fraud", "champion", 1, AliasExpectation.Absent, Ana, default);
        await registry.ApproveAsync("fraud", 2, "looks well", Ana, default);
        await registry.SetAliasAsync("fraud", "champion", 2, AliasExpectation.At(1), Ana, default);
        await registry.SetAliasAsync("fraud", "challenger", 1, AliasExpectation.Any, Ben, default);
        await registry.DeleteAliasAsync("fraud", "challenger", Ben, default);
        await registry.SetStageAsync("fraud", 2, "Production", true, Ana, default);
        await registry.SetVersionTagAsync("fraud", 2, "ticket", "T-1", Ben, default);
        await registry.DeleteVersionAsync("fraud", 3, Ana, default);
        await registry.CreateModelAsync("churn", null, Map(), Ben, default);
        await registry.CreateModelAsync("dropped", null, Map(), Ben, default);
        await registry.DeleteModelAsync("dropped", Ben, default);
        await services.GetRequiredService<IArtifactStore>().PutAsync($"{experiment}/{run.Id}/artifacts/note.txt", new MemoryStream("note"u8.ToArray()), Ana, default);
    }

    /// <summary>Puts the sample's blobs into a store.</summary>
    public static async Task<Dictionary<string, BlobInfo>> StoreContentsAsync(IServiceProvider services)
    {
        Dictionary<string, BlobInfo> blobs = [];
        foreach (string content in Contents)
        {
            blobs[content] = await services.GetRequiredService<IBlobStore>().PutAsync(new MemoryStream(Encoding.UTF8.GetBytes(content)), long.MaxValue, default);
        }

        return blobs;
    }

    /// <summary>All that a registry tells of what it keeps, as JSON.</summary>
    public static async Task<string> DescribeAsync(IServiceProvider services)
    {
        IModelRegistry registry = services.GetRequiredService<IModelRegistry>();
        ITrackingStore tracking = services.GetRequiredService<ITrackingStore>();
        IReadOnlyList<Experiment> experiments = (await tracking.SearchExperimentsAsync(SearchQuery.All with { View = LifecycleView.All }, default)).Items;
        SearchQuery inAll = SearchQuery.All with { View = LifecycleView.All, ExperimentIds = [.. experiments.Select(static experiment => experiment.Id)] };
        IReadOnlyList<TrackedRun> runs = (await tracking.SearchRunsAsync(inAll, default)).Items;
        return JsonSerializer.Serialize(
            new
            {
                Models = (await registry.SearchModelsAsync(SearchQuery.All, default)).Items,
                Versions = (await registry.SearchVersionsAsync(SearchQuery.All, default)).Items,
                Tagged = (await registry.SearchVersionsAsync(
                    SearchQuery.All with { Clauses = [new SearchClause(SearchField.Tag, "team", SearchOperator.Equal, [new SearchValue("risk", null)])] }, default)).Items.Select(static version => version.Number),
                Events = await registry.GetEventsAsync(null, 0, 1000, default),
                History = await registry.GetHistoryAsync("fraud", DateTimeOffset.MaxValue, default),
                Lineage = await registry.GetLineageAsync("fraud", 1, default),
                Experiments = experiments,
                Runs = runs,
                Histories = await tracking.GetMetricHistoriesAsync([.. runs.Select(static run => run.Id)], "accuracy", null, null, 1000, default),
                LoggedModels = (await tracking.SearchLoggedModelsAsync(inAll, [], default)).Items,
                Datasets = await tracking.SearchDatasetsAsync(inAll.ExperimentIds, default),
            },
            Readable);
    }

    private static ArtifactFile File(string path, BlobInfo blob) => new(path, blob.Digest, blob.Length);

    private static Dictionary<string, string> Map(params string[] pairs) => pairs.Chunk(2).ToDictionary(static pair => pair[0], static pair => pair[1]);
}
