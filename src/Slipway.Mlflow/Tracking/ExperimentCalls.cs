using Slipway.Core;
using Slipway.Mlflow.Search;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Tracking;

/// <summary>Calls about experiments.</summary>
internal sealed class ExperimentCalls(ITrackingStore store)
{
    private const int UsualPage = 1000;

    /// <summary><c>experiments/create</c></summary>
    public async Task<MlflowAnswer> CreateAsync(MlflowCall call)
    {
        string name = MlflowLimits.CheckExperimentName(call.Fields.Required("name"));
        string? location = ArtifactLocations.CheckGiven(call.Fields.Text("artifact_location"));
        Dictionary<string, string> tags = MlflowPairs.Tags(call.Fields, "tags", MlflowLimits.CheckExperimentTag);
        try
        {
            Experiment experiment = await store.CreateExperimentAsync(name, location, tags, call.Change, call.Cancellation);
            return json => json.WriteString("experiment_id", experiment.Id);
        }
        catch (SlipwayException taken) when (taken.Code == ErrorCode.AlreadyExists)
        {
            throw new MlflowException(MlflowErrorCode.ResourceAlreadyExists, $"Experiment(name={name}) already exists.");
        }
    }

    /// <summary><c>experiments/get</c></summary>
    public async Task<MlflowAnswer> GetAsync(MlflowCall call)
    {
        string id = call.Fields.Required("experiment_id");
        Experiment experiment = await store.FindExperimentAsync(MlflowLimits.CheckExperimentId(id), call.Cancellation) ?? throw Unknown(id);
        return One(experiment);
    }

    /// <summary><c>experiments/get-by-name</c></summary>
    public async Task<MlflowAnswer> GetByNameAsync(MlflowCall call)
    {
        string name = call.Fields.Required("experiment_name");
        Experiment experiment = await store.FindExperimentByNameAsync(name, call.Cancellation)
            ?? throw MlflowException.NotFound($"Could not find experiment with name '{name}'");
        return One(experiment);
    }

    /// <summary><c>experiments/search</c></summary>
    public async Task<MlflowAnswer> SearchAsync(MlflowCall call)
    {
        SearchPage<Experiment> page = await store.SearchExperimentsAsync(
            new SearchQuery
            {
                Clauses = SearchFilter.Parse(call.Fields.Text("filter"), SearchRules.Experiments),
                Order = SearchOrders.Parse(call.Fields.Texts("order_by"), SearchRules.Experiments),
                View = LifecycleViews.Read(call.Fields, "view_type"),
                MaxResults = MlflowLimits.CheckPage(call.Fields, UsualPage, MlflowLimits.PageOfRuns),
                PageToken = MlflowLimits.PageToken(call.Fields),
            },
            call.Cancellation);
        return json =>
        {
            json.WriteObjects("experiments", page.Items, ExperimentJson.Write);
            json.WriteIfAny("next_page_token", page.NextPageToken);
        };
    }

    /// <summary><c>experiments/update</c>: another name.</summary>
    public async Task<MlflowAnswer> UpdateAsync(MlflowCall call)
    {
        Experiment experiment = await FindAsync(call);
        string name = MlflowLimits.CheckExperimentName(call.Fields.Required("new_name"));
        if (experiment.IsDeleted)
        {
            throw MlflowException.Invalid("Cannot rename a non-active experiment.");
        }

        try
        {
            await store.RenameExperimentAsync(experiment.Id, name, call.Change, call.Cancellation);
            return MlflowJson.Empty;
        }
        catch (SlipwayException taken) when (taken.Code == ErrorCode.AlreadyExists)
        {
            // The reference names this one differently from all other names that are taken.
            throw new MlflowException(MlflowErrorCode.BadRequest, $"Experiment(name={name}) already exists.");
        }
    }

    /// <summary><c>experiments/delete</c></summary>
    public Task<MlflowAnswer> DeleteAsync(MlflowCall call) => SetDeletedAsync(call, deleted: true);

    /// <summary><c>experiments/restore</c></summary>
    public Task<MlflowAnswer> RestoreAsync(MlflowCall call) => SetDeletedAsync(call, deleted: false);

    /// <summary><c>experiments/set-experiment-tag</c></summary>
    public async Task<MlflowAnswer> SetTagAsync(MlflowCall call)
    {
        Experiment experiment = await FindActiveAsync(call);
        string key = MlflowLimits.CheckKey("Tag key", "key", call.Fields.Required("key"));
        string value = MlflowLimits.CheckExperimentTag(call.Fields.Text("value"));
        await store.SetExperimentTagAsync(experiment.Id, key, value, call.Change, call.Cancellation);
        return MlflowJson.Empty;
    }

    /// <summary><c>experiments/delete-experiment-tag</c></summary>
    public async Task<MlflowAnswer> DeleteTagAsync(MlflowCall call)
    {
        Experiment experiment = await FindActiveAsync(call);
        await store.SetExperimentTagAsync(experiment.Id, call.Fields.Required("key"), null, call.Change, call.Cancellation);
        return MlflowJson.Empty;
    }

    /// <summary><c>experiments/search-datasets</c></summary>
    public async Task<MlflowAnswer> SearchDatasetsAsync(MlflowCall call)
    {
        const int most = 20;
        IReadOnlyList<string> ids = call.Fields.Texts("experiment_ids");
        if (ids.Count is 0 or > most)
        {
            throw MlflowException.Invalid($"SearchDatasets request must specify at least one and at most {most} experiment_ids. Received {ids.Count}.");
        }

        IReadOnlyList<DatasetSummary> summaries = await store.SearchDatasetsAsync(ids, call.Cancellation);
        return json => json.WriteObjects("dataset_summaries", summaries, static (json, summary) =>
        {
            json.WriteString("experiment_id", summary.ExperimentId);
            json.WriteString("name", summary.Name);
            json.WriteString("digest", summary.Digest);
            json.WriteIfAny("context", summary.Context);
        });
    }

    private async Task<MlflowAnswer> SetDeletedAsync(MlflowCall call, bool deleted)
    {
        Experiment experiment = await FindAsync(call);
        if (experiment.IsDeleted == deleted)
        {
            throw Unknown(experiment.Id);
        }

        await store.SetExperimentDeletedAsync(experiment.Id, deleted, call.Change, call.Cancellation);
        return MlflowJson.Empty;
    }

    private async Task<Experiment> FindActiveAsync(MlflowCall call)
    {
        Experiment experiment = await FindAsync(call);
        return experiment.IsDeleted
            ? throw MlflowException.Invalid($"The experiment {experiment.Id} must be in the 'active' state. Current state is deleted.")
            : experiment;
    }

    private async Task<Experiment> FindAsync(MlflowCall call)
    {
        string id = call.Fields.Required("experiment_id");
        return await store.FindExperimentAsync(MlflowLimits.CheckExperimentId(id), call.Cancellation) ?? throw Unknown(id);
    }

    private static MlflowAnswer One(Experiment experiment) => json =>
    {
        json.WriteStartObject("experiment");
        ExperimentJson.Write(json, experiment);
        json.WriteEndObject();
    };

    private static MlflowException Unknown(string id) => MlflowException.NotFound($"No Experiment with id={id} exists");
}
