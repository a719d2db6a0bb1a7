using System.Buffers;
using Slipway.Core;
using Slipway.Mlflow.Search;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Tracking;

/// <summary>Calls about logged models (3.x).</summary>
internal sealed class LoggedModelCalls(ITrackingStore store)
{
    private const int MostTypeCharacters = 500;
    private const int MostNameCharacters = 500;

    private static readonly SearchValues<char> NotInNames = SearchValues.Create("/:.%\"'");

    /// <summary><c>POST logged-models</c></summary>
    public async Task<MlflowAnswer> CreateAsync(MlflowCall call)
    {
        string experiment = MlflowLimits.CheckExperimentId(call.Fields.Required("experiment_id"));
        string name = CheckName(call.Fields.Text("name"));
        string type = MlflowLimits.CheckLength("Model type", call.Fields.Text("model_type") ?? "", MostTypeCharacters);
        string? run = call.Fields.Text("source_run_id") is { Length: > 0 } id ? MlflowLimits.CheckRunId(id) : null;
        Experiment found = await store.FindExperimentAsync(experiment, call.Cancellation)
            ?? throw MlflowException.NotFound($"No Experiment with id={experiment} exists");
        if (found.IsDeleted)
        {
            throw MlflowException.Invalid($"The experiment {experiment} must be in the 'active' state. Current state is deleted.");
        }

        LoggedModel model = await store.CreateLoggedModelAsync(
            new NewLoggedModel(
                experiment,
                name,
                type.Length > 0 ? type : null,
                run,
                MlflowPairs.Parameters(call.Fields, "params"),
                MlflowPairs.Tags(call.Fields, "tags", MlflowLimits.CutRunTag)),
            call.Change,
            call.Cancellation);
        return LoggedModelJson.One(model);
    }

    /// <summary><c>GET logged-models/{id}</c></summary>
    public async Task<MlflowAnswer> GetAsync(MlflowCall call) => LoggedModelJson.One(await FindAsync(call, deletedToo: call.Fields.Flag("allow_deleted")));

    /// <summary><c>PATCH logged-models/{id}</c>: the upload has ended.</summary>
    public async Task<MlflowAnswer> FinishAsync(MlflowCall call)
    {
        LoggedModel model = await FindAsync(call);
        int status = call.Fields.Member("status", LoggedModelJson.StatusNames, first: 0) ?? throw MlflowException.Missing("status");
        LoggedModel changed = await store.SetLoggedModelStatusAsync(model.Id, (LoggedModelStatus)status, null, call.Change, call.Cancellation);
        return LoggedModelJson.One(changed);
    }

    /// <summary><c>DELETE logged-models/{id}</c></summary>
    public async Task<MlflowAnswer> DeleteAsync(MlflowCall call)
    {
        LoggedModel model = await FindAsync(call);
        await store.DeleteLoggedModelAsync(model.Id, call.Change, call.Cancellation);
        return MlflowJson.Empty;
    }

    /// <summary><c>PATCH logged-models/{id}/tags</c></summary>
    public async Task<MlflowAnswer> SetTagsAsync(MlflowCall call)
    {
        LoggedModel model = await FindAsync(call);
        LoggedModel changed = await store.SetLoggedModelTagsAsync(
            model.Id, MlflowPairs.Tags(call.Fields, "tags", MlflowLimits.CutRunTag), call.Change, call.Cancellation);
        return LoggedModelJson.One(changed);
    }

    /// <summary><c>DELETE logged-models/{id}/tags/{key}</c></summary>
    public async Task<MlflowAnswer> DeleteTagAsync(MlflowCall call)
    {
        LoggedModel model = await FindAsync(call);
        string key = Uri.UnescapeDataString(call.Route("key"));
        if (!model.Tags.ContainsKey(key))
        {
            throw MlflowException.NotFound($"No tag with key {key} found for logged model with ID {model.Id}.");
        }

        await store.DeleteLoggedModelTagAsync(model.Id, key, call.Change, call.Cancellation);
        return MlflowJson.Empty;
    }

    /// <summary><c>POST logged-models/{id}/params</c></summary>
    public async Task<MlflowAnswer> LogParametersAsync(MlflowCall call)
    {
        LoggedModel model = await FindAsync(call);
        LoggedModel changed = await store.LogModelParametersAsync(model.Id, MlflowPairs.Parameters(call.Fields, "params"), call.Change, call.Cancellation);
        return LoggedModelJson.One(changed);
    }

    /// <summary><c>POST logged-models/search</c></summary>
    public async Task<MlflowAnswer> SearchAsync(MlflowCall call)
    {
        IReadOnlyList<string> experiments = call.Fields.Texts("experiment_ids");
        if (experiments.Count == 0)
        {
            throw MlflowException.Missing("experiment_ids");
        }

        DatasetReference[] datasets = [.. call.Fields.Objects("datasets").Select(static dataset =>
            new DatasetReference(dataset.Required("dataset_name"), dataset.Text("dataset_digest") is { Length: > 0 } digest ? digest : null))];
        SearchPage<LoggedModel> page = await store.SearchLoggedModelsAsync(
            new SearchQuery
            {
                ExperimentIds = experiments,
                Clauses = SearchFilter.Parse(call.Fields.Text("filter"), SearchRules.LoggedModels),
                Order = [.. call.Fields.Objects("order_by").Select(ReadOrder)],
                MaxResults = MlflowLimits.CheckPage(call.Fields, MlflowLimits.PageOfLoggedModels, MlflowLimits.PageOfLoggedModels),
                PageToken = MlflowLimits.PageToken(call.Fields),
            },
            datasets,
            call.Cancellation);
        return json =>
        {
            json.WriteObjects("models", page.Items, LoggedModelJson.Write);
            json.WriteIfAny("next_page_token", page.NextPageToken);
        };
    }

    private static SearchOrder ReadOrder(MlflowFields order)
    {
        string? name = order.Text("dataset_name") is { Length: > 0 } dataset ? dataset : null;
        string? digest = order.Text("dataset_digest") is { Length: > 0 } text ? text : null;
        if (digest is not null && name is null)
        {
            throw MlflowException.Invalid("`dataset_digest` can only be specified if `dataset_name` is also specified.");
        }

        SearchOrder parsed = SearchOrders.Of(order.Required("field_name"), order.Has("ascending") && !order.Flag("ascending"), SearchRules.LoggedModels);
        return parsed with { DatasetName = name, DatasetDigest = digest };
    }

    private async Task<LoggedModel> FindAsync(MlflowCall call, bool deletedToo = false)
    {
        string id = call.Route("id");
        return await store.FindLoggedModelAsync(id, call.Cancellation) is { } model && (deletedToo || !model.IsDeleted)
            ? model
            : throw MlflowException.NotFound($"Logged model with ID '{id}' not found.");
    }

    // Names become parts of URIs: models:/name.
    private static string CheckName(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return RunNames.Next();
        }

        return name.AsSpan().ContainsAny(NotInNames)
            ? throw MlflowException.Invalid($"Invalid model name ('{name}') provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%', '\"', \"'\").")
            : MlflowLimits.CheckLength("Model name", name, MostNameCharacters);
    }
}
