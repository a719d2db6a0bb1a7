using Slipway.Core;
using Slipway.Mlflow.Search;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Tracking;

/// <summary>Calls about runs as a whole.</summary>
internal sealed class RunCalls(ITrackingStore store, TimeProvider time)
{
    private const int UsualPage = 1000;

    /// <summary><c>runs/create</c></summary>
    public async Task<MlflowAnswer> CreateAsync(MlflowCall call)
    {
        string experiment = call.Fields.Text("experiment_id") is { Length: > 0 } id ? MlflowLimits.CheckExperimentId(id) : "0";
        Dictionary<string, string> tags = MlflowPairs.Tags(call.Fields, "tags", MlflowLimits.CutRunTag);
        string? given = call.Fields.Text("run_name") is { Length: > 0 } text ? text : null;
        string? tagged = tags.GetValueOrDefault(MlflowTags.RunName) is { Length: > 0 } tag ? tag : null;
        if (given is not null && tagged is not null && given != tagged)
        {
            throw MlflowException.Invalid(
                $"Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='{given}', mlflow.runName='{tagged}').");
        }

        string name = given ?? tagged ?? RunNames.Next();
        tags[MlflowTags.RunName] = name;
        await CheckActiveAsync(experiment, call.Cancellation);
        TrackedRun run = await store.CreateRunAsync(
            new NewRun(
                experiment,
                name,
                call.Fields.Text("user_id") ?? "",
                call.Fields.Integer("start_time") is long start and not 0 ? start : time.GetUtcNow().ToUnixTimeMilliseconds(),
                tags),
            call.Change,
            call.Cancellation);
        return One(run);
    }

    /// <summary><c>runs/get</c></summary>
    public async Task<MlflowAnswer> GetAsync(MlflowCall call) => One(await RunLookup.FindAsync(store, call));

    /// <summary><c>runs/update</c></summary>
    public async Task<MlflowAnswer> UpdateAsync(MlflowCall call)
    {
        TrackedRun found = await RunLookup.FindActiveAsync(store, call);
        RunStatus? status = call.Fields.Member("status", RunJson.StatusNames) is int index ? (RunStatus)(index + 1) : null;
        string? name = call.Fields.Text("run_name") is { Length: > 0 } text ? text : null;
        TrackedRun run = await store.UpdateRunAsync(found.Id, status, call.Fields.Integer("end_time"), name, call.Change, call.Cancellation);
        if (name is not null && run.Tags.GetValueOrDefault(MlflowTags.RunName) != name)
        {
            await store.LogBatchAsync(
                run.Id, new RunBatch([], new Dictionary<string, string>(), new Dictionary<string, string> { [MlflowTags.RunName] = name }), call.Change, call.Cancellation);
        }

        return json =>
        {
            json.WriteStartObject("run_info");
            RunJson.WriteInfo(json, run);
            json.WriteEndObject();
        };
    }

    /// <summary><c>runs/delete</c></summary>
    public Task<MlflowAnswer> DeleteAsync(MlflowCall call) => SetDeletedAsync(call, deleted: true);

    /// <summary><c>runs/restore</c></summary>
    public Task<MlflowAnswer> RestoreAsync(MlflowCall call) => SetDeletedAsync(call, deleted: false);

    /// <summary><c>runs/search</c></summary>
    public async Task<MlflowAnswer> SearchAsync(MlflowCall call)
    {
        SearchPage<TrackedRun> page = await store.SearchRunsAsync(
            new SearchQuery
            {
                ExperimentIds = call.Fields.Texts("experiment_ids"),
                Clauses = SearchFilter.Parse(call.Fields.Text("filter"), SearchRules.Runs),
                Order = SearchOrders.Parse(call.Fields.Texts("order_by"), SearchRules.Runs),
                View = LifecycleViews.Read(call.Fields, "run_view_type"),
                MaxResults = MlflowLimits.CheckPage(call.Fields, UsualPage, MlflowLimits.PageOfRuns),
                PageToken = MlflowLimits.PageToken(call.Fields),
            },
            call.Cancellation);
        return json =>
        {
            json.WriteObjects("runs", page.Items, RunJson.Write);
            json.WriteIfAny("next_page_token", page.NextPageToken);
        };
    }

    private async Task<MlflowAnswer> SetDeletedAsync(MlflowCall call, bool deleted)
    {
        TrackedRun run = await RunLookup.FindAsync(store, call);
        if (run.IsDeleted != deleted)
        {
            await store.SetRunDeletedAsync(run.Id, deleted, call.Change, call.Cancellation);
        }

        return MlflowJson.Empty;
    }

    private async Task CheckActiveAsync(string experiment, CancellationToken cancellation)
    {
        Experiment found = await store.FindExperimentAsync(experiment, cancellation)
            ?? throw MlflowException.NotFound($"No Experiment with id={experiment} exists");
        if (found.IsDeleted)
        {
            throw MlflowException.Invalid($"The experiment {experiment} must be in the 'active' state. Current state is deleted.");
        }
    }

    private static MlflowAnswer One(TrackedRun run) => json =>
    {
        json.WriteStartObject("run");
        RunJson.Write(json, run);
        json.WriteEndObject();
    };
}
