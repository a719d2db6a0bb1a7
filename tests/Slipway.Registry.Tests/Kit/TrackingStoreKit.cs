using Slipway.Core;

namespace Slipway.Registry.Tests.Kit;

/// <summary>What every store of experiments, runs and logged models does.</summary>
public abstract class TrackingStoreKit : RegistryKit
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task The_default_experiment_is_there_from_the_beginning()
    {
        Experiment experiment = (await Tracking.FindExperimentAsync("0", None))!;
        Assert.Equal(("Default", "mlflow-artifacts:/0", false), (experiment.Name, experiment.ArtifactLocation, experiment.IsDeleted));
        Assert.Equal("1", (await ExperimentAsync("first")).Id);
    }

    [Fact]
    public async Task Names_of_experiments_are_unique_over_deleted_ones_too()
    {
        Experiment experiment = await ExperimentAsync("demo");
        Assert.Equal($"mlflow-artifacts:/{experiment.Id}", experiment.ArtifactLocation);
        await Tracking.SetExperimentDeletedAsync(experiment.Id, true, Ana, None);
        await RefusalAsync(ErrorCode.AlreadyExists, () => ExperimentAsync("demo"));
        Assert.True((await Tracking.FindExperimentByNameAsync("demo", None))!.IsDeleted);

        await RefusalAsync(ErrorCode.InvalidRequest, () => Tracking.SetExperimentTagAsync(experiment.Id, "a", "b", Ana, None));
        await RefusalAsync(ErrorCode.InvalidRequest, () => RunAsync(experiment.Id));
        await Tracking.SetExperimentDeletedAsync(experiment.Id, false, Ana, None);
        await Tracking.SetExperimentTagAsync(experiment.Id, "a", "b", Ana, None);
        await Tracking.RenameExperimentAsync(experiment.Id, "other", Ana, None);
        await RefusalAsync(ErrorCode.AlreadyExists, () => Tracking.RenameExperimentAsync(experiment.Id, "Default", Ana, None));
        Assert.Equal("b", (await Tracking.FindExperimentByNameAsync("other", None))!.Tags["a"]);
        await RefusalAsync(ErrorCode.NotFound, () => Tracking.SetExperimentTagAsync(experiment.Id, "nowhere", null, Ana, None));
    }

    [Theory]
    [InlineData("77")]
    [InlineData("-1")]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("99999999999999999999")]
    public async Task An_identity_of_nothing_finds_nothing(string id)
    {
        Assert.Null(await Tracking.FindExperimentAsync(id, None));
        await RefusalAsync(ErrorCode.NotFound, () => RunAsync(id));
        Assert.Null(await Tracking.FindRunAsync(id, None));
        await RefusalAsync(ErrorCode.NotFound, () => LogAsync(id, tags: [("a", "b")]));
    }

    [Fact]
    public async Task Deleting_an_experiment_deletes_its_runs_and_restoring_brings_them_back()
    {
        TrackedRun run = await RunAsync((await ExperimentAsync("demo")).Id);
        await Tracking.SetExperimentDeletedAsync(run.ExperimentId, true, Ana, None);
        Assert.True((await Tracking.FindRunAsync(run.Id, None))!.IsDeleted);
        await Tracking.SetExperimentDeletedAsync(run.ExperimentId, false, Ana, None);
        Assert.False((await Tracking.FindRunAsync(run.Id, None))!.IsDeleted);
    }

    [Fact]
    public async Task A_run_is_created_updated_deleted_and_restored()
    {
        TrackedRun run = await Tracking.CreateRunAsync(new NewRun("0", "r1", "ana", 1000, new Dictionary<string, string> { ["k"] = "v" }), Ana, None);
        Assert.Matches("^[0-9a-f]{32}$", run.Id);
        Assert.Equal(($"mlflow-artifacts:/0/{run.Id}/artifacts", RunStatus.Running, 1000L, "v"), (run.ArtifactUri, run.Status, run.StartTime, run.Tags["k"]));

        TrackedRun ended = await Tracking.UpdateRunAsync(run.Id, RunStatus.Finished, 2000, "r2", Ana, None);
        Assert.Equal((RunStatus.Finished, 2000L, "r2"), (ended.Status, ended.EndTime, ended.Name));
        Assert.Equivalent(ended, await Tracking.FindRunAsync(run.Id, None), strict: true);
        await Tracking.DeleteRunTagAsync(run.Id, "k", Ana, None);
        await RefusalAsync(ErrorCode.NotFound, () => Tracking.DeleteRunTagAsync(run.Id, "k", Ana, None));

        await Tracking.SetRunDeletedAsync(run.Id, true, Ana, None);
        await RefusalAsync(ErrorCode.InvalidRequest, () => Tracking.UpdateRunAsync(run.Id, RunStatus.Failed, null, null, Ana, None));
        await RefusalAsync(ErrorCode.InvalidRequest, () => LogAsync(run.Id, tags: [("a", "b")]));
        await Tracking.SetRunDeletedAsync(run.Id, false, Ana, None);
        await LogAsync(run.Id, tags: [("a", "b")]);
    }

    [Fact]
    public async Task Parameters_are_written_once_and_a_batch_is_all_or_nothing()
    {
        TrackedRun run = await RunAsync();
        await LogAsync(run.Id, parameters: [("lr", "0.1")], tags: [("t", "1")]);
        await LogAsync(run.Id, parameters: [("lr", "0.1")], tags: [("t", "2")]);

        await RefusalAsync(ErrorCode.InvalidRequest, () => LogAsync(
            run.Id, [new MetricPoint("m", 1, 1, 0)], [("new", "x"), ("lr", "0.2")], [("t", "3")]));

        TrackedRun found = (await Tracking.FindRunAsync(run.Id, None))!;
        Assert.Equal("2", found.Tags["t"]);
        Assert.Equal(["lr"], found.Parameters.Keys);
        Assert.Empty(found.Metrics);
    }

    [Fact]
    public async Task The_latest_metric_has_the_largest_step_then_time_then_value()
    {
        TrackedRun run = await RunAsync();
        await LogAsync(run.Id, [new("m", 5, 100, 2), new("m", 9, 200, 1), new("m", double.NaN, 100, 2), new("m", 7, 100, 2), new("m", 6, 100, 2)]);
        Assert.Equal(7, Latest(await Tracking.FindRunAsync(run.Id, None)));
        await LogAsync(run.Id, [new("m", double.NegativeInfinity, 50, 3)]);
        Assert.Equal(double.NegativeInfinity, Latest(await Tracking.FindRunAsync(run.Id, None)));
        await LogAsync(run.Id, [new("m", double.NaN, 60, 3)]);
        Assert.Equal(double.NaN, Latest(await Tracking.FindRunAsync(run.Id, None)));
        await LogAsync(run.Id, [new("m", double.MaxValue, 1, 0)]);
        Assert.Equal(double.NaN, Latest(await Tracking.FindRunAsync(run.Id, None)));

        static double Latest(TrackedRun? run) => Assert.Single(run!.Metrics).Value;
    }

    [Fact]
    public async Task The_history_of_a_metric_is_paged_in_order_and_equal_points_count_once()
    {
        TrackedRun run = await RunAsync();
        MetricPoint[] points = [.. Enumerable.Range(0, 25).Select(static index => new MetricPoint("m", index % 7 == 0 ? double.NaN : index, index / 3, index % 2))];
        await LogAsync(run.Id, [.. points.Reverse(), .. points]);

        List<MetricPoint> found = [];
        string? token = null;
        do
        {
            SearchPage<MetricPoint> page = await Tracking.GetMetricHistoryAsync(run.Id, "m", 4, token, None);
            Assert.InRange(page.Items.Count, 1, 4);
            found.AddRange(page.Items);
            token = page.NextPageToken;
        }
        while (token is not null);

        Assert.Equal(
            points.OrderBy(static point => point.Timestamp).ThenBy(static point => point.Step).ThenBy(static point => double.IsNaN(point.Value)).ThenBy(static point => point.Value)
                .Select(static point => (point.Timestamp, point.Step, point.Value)),
            found.Select(static point => (point.Timestamp, point.Step, point.Value)));
        await RefusalAsync(ErrorCode.InvalidRequest, () => Tracking.GetMetricHistoryAsync(run.Id, "m", 4, "no token", None));
        await RefusalAsync(ErrorCode.NotFound, () => Tracking.GetMetricHistoryAsync("nowhere", "m", 4, null, None));
        Assert.Empty((await Tracking.GetMetricHistoryAsync(run.Id, "other", 4, null, None)).Items);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(1000)]
    public async Task Histories_are_thinned_evenly_and_keep_the_last(int most)
    {
        TrackedRun run = await RunAsync();
        TrackedRun other = await RunAsync();
        await LogAsync(run.Id, [.. Enumerable.Range(0, 100).Select(static step => new MetricPoint("m", step, 1, step))]);
        await LogAsync(other.Id, [new MetricPoint("m", 1, 1, 50), new MetricPoint("m", 1, 1, 200)]);

        IReadOnlyList<MetricPoint> found = await Tracking.GetMetricHistoriesAsync([run.Id, other.Id], "m", 0, 150, most, None);

        long[] steps = [.. found.Where(point => point.RunId == run.Id).Select(static point => point.Step)];
        Assert.Equal(Math.Min(most, 100), steps.Length);
        Assert.Equal(99, steps[^1]);
        Assert.Equal(steps.Order(), steps);
        long widest = steps.Zip(steps.Skip(1), static (first, second) => second - first).DefaultIfEmpty(1).Max();
        Assert.True(most == 1 || widest <= Math.Ceiling(99.0 / (Math.Min(most, 100) - 1)) + 1);
        Assert.Equal(50, Assert.Single(found, point => point.RunId == other.Id).Step);
    }

    [Fact]
    public async Task Inputs_and_outputs_are_kept_and_datasets_found()
    {
        TrackedRun run = await RunAsync();
        DatasetInput training = new("iris", "d1", "local", "{}", "schema", null, new Dictionary<string, string> { ["mlflow.data.context"] = "training" });
        await Tracking.LogInputsAsync(run.Id, [training, training with { Digest = "d2", Tags = NoTags }], ["m-1", "m-1"], Ana, None);
        await Tracking.LogInputsAsync(run.Id, [training], [], Ana, None);
        await Tracking.LogOutputsAsync(run.Id, [new LoggedModelOutput("m-2", 3)], Ana, None);

        TrackedRun found = (await Tracking.FindRunAsync(run.Id, None))!;
        Assert.Equal(["d1", "d2"], found.Datasets.Select(static dataset => dataset.Digest));
        Assert.Equivalent(training, found.Datasets[0], strict: true);
        Assert.Equal(["m-1"], found.ModelInputs);
        Assert.Equal([new LoggedModelOutput("m-2", 3)], found.ModelOutputs);
        Assert.Equal(
            [new DatasetSummary("0", "iris", "d1", "training"), new DatasetSummary("0", "iris", "d2", null)], await Tracking.SearchDatasetsAsync(["0", "x", "9"], None));
    }

    [Fact]
    public async Task A_logged_model_has_tags_parameters_metrics_state_and_registrations()
    {
        TrackedRun run = await RunAsync();
        LoggedModel model = await Tracking.CreateLoggedModelAsync(
            new NewLoggedModel("0", "clf", "Classifier", run.Id, new Dictionary<string, string> { ["p"] = "1" }, new Dictionary<string, string> { ["t"] = "1" }), Ana, None);
        Assert.Matches("^m-[0-9a-f]{32}$", model.Id);
        Assert.Equal(($"mlflow-artifacts:/0/models/{model.Id}/artifacts", LoggedModelStatus.Pending), (model.ArtifactUri, model.Status));

        await LogAsync(run.Id, [new MetricPoint("auc", 0.5, 1, 0) { ModelId = model.Id }, new MetricPoint("auc", 0.7, 1, 1) { ModelId = model.Id, DatasetName = "iris", DatasetDigest = "d" }]);
        await LogAsync(run.Id, [new MetricPoint("auc", 0.6, 2, 0) { ModelId = model.Id }]);
        await Tracking.LogModelParametersAsync(model.Id, new Dictionary<string, string> { ["p"] = "1", ["q"] = "2" }, Ana, None);
        await RefusalAsync(ErrorCode.InvalidRequest, () => Tracking.LogModelParametersAsync(model.Id, new Dictionary<string, string> { ["p"] = "2" }, Ana, None));
        await Tracking.SetLoggedModelTagsAsync(model.Id, new Dictionary<string, string> { ["t"] = "2" }, Ana, None);
        await RefusalAsync(ErrorCode.NotFound, () => Tracking.DeleteLoggedModelTagAsync(model.Id, "nowhere", Ana, None));
        await Registry.CreateVersionAsync(new NewModelVersion { Model = "iris", CreateModel = true, LoggedModelId = model.Id }, Ana, None);
        LoggedModel found = await Tracking.SetLoggedModelStatusAsync(model.Id, LoggedModelStatus.Ready, null, Ana, None);

        Assert.Equal((LoggedModelStatus.Ready, "2", "2"), (found.Status, found.Tags["t"], found.Parameters["q"]));
        Assert.Equal([(0.6, null), (0.7, "iris")], found.Metrics.Select(static metric => (metric.Value, metric.DatasetName)));
        Assert.Equal([new ModelRegistration("iris", 1)], found.Registrations);
        await RefusalAsync(ErrorCode.NotFound, () => LogAsync(run.Id, [new MetricPoint("auc", 1, 1, 0) { ModelId = "m-nobody" }]));

        await Tracking.DeleteLoggedModelAsync(model.Id, Ana, None);
        Assert.True((await Tracking.FindLoggedModelAsync(model.Id, None))!.IsDeleted);
        await RefusalAsync(ErrorCode.NotFound, () => Tracking.SetLoggedModelStatusAsync(model.Id, LoggedModelStatus.Ready, null, Ana, None));
        Assert.Empty((await Tracking.SearchLoggedModelsAsync(SearchQuery.All with { ExperimentIds = ["0"] }, [], None)).Items);
    }

    [Fact]
    public async Task Logged_models_are_searched_by_metrics_on_datasets()
    {
        TrackedRun run = await RunAsync();
        string[] ids = new string[3];
        for (int index = 0; index < ids.Length; index++)
        {
            ids[index] = (await Tracking.CreateLoggedModelAsync(new NewLoggedModel("0", $"m{index}", null, null, NoTags, NoTags), Ana, None)).Id;
            await LogAsync(run.Id, [
                new MetricPoint("auc", index, 1, 0) { ModelId = ids[index], DatasetName = "train", DatasetDigest = "a" },
                new MetricPoint("auc", 10 - index, 1, 0) { ModelId = ids[index], DatasetName = "test", DatasetDigest = "b" }]);
        }

        SearchQuery query = SearchQuery.All with
        {
            ExperimentIds = ["0"],
            Clauses = [Clause(SearchField.Metric, "auc", SearchOperator.GreaterOrEqual, 9)],
            Order = [new SearchOrder(SearchField.Metric, "auc", Descending: true, "test", "b")],
        };
        Assert.Equal(["m0", "m1"], await NamesAsync(query, []));
        Assert.Empty(await NamesAsync(query, [new DatasetReference("train", null)]));
        Assert.Equal(["m0", "m1"], await NamesAsync(query, [new DatasetReference("nowhere", null), new DatasetReference("test", "b")]));
        Assert.Equal(["m2", "m1", "m0"], await NamesAsync(query with { Clauses = [], Order = [new SearchOrder(SearchField.Metric, "auc", true, "train")] }, []));
        await Tracking.CreateLoggedModelAsync(new NewLoggedModel("0", "without", null, null, NoTags, NoTags), Ana, None);
        Assert.Equal(["m0", "m1", "m2"], await NamesAsync(query with { Clauses = [] }, [new DatasetReference("train", "a")]));
        Assert.Empty(await NamesAsync(query with { Clauses = [] }, [new DatasetReference("train", "b")]));
        Assert.Equal(["m1"], await NamesAsync(query with { Clauses = [Clause(SearchField.Attribute, "model_id", SearchOperator.Equal, ids[1])] }, []));
        Assert.Equal(4, (await NamesAsync(query with { Clauses = [Clause(SearchField.Attribute, "status", SearchOperator.Equal, "PENDING")] }, [])).Count);
    }

    private async Task<List<string>> NamesAsync(SearchQuery query, DatasetReference[] datasets) =>
        [.. (await Tracking.SearchLoggedModelsAsync(query, datasets, None)).Items.Select(static model => model.Name)];

    private Task<Experiment> ExperimentAsync(string name) => Tracking.CreateExperimentAsync(name, null, NoTags, Ana, None);

    private Task<TrackedRun> RunAsync(string experiment = "0") => Tracking.CreateRunAsync(new NewRun(experiment, "run", "ana", 1, NoTags), Ana, None);

    private Task LogAsync(
        string run, MetricPoint[]? metrics = null, (string Key, string Value)[]? parameters = null, (string Key, string Value)[]? tags = null) => Tracking.LogBatchAsync(
            run, new RunBatch(metrics ?? [], (parameters ?? []).ToDictionary(), (tags ?? []).ToDictionary()), Ana, None);
}
