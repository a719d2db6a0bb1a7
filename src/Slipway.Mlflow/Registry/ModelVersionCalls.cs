using Slipway.Core;
using Slipway.Mlflow.Artifacts;
using Slipway.Mlflow.Search;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Registry;

/// <summary>Calls about versions of registered models.</summary>
internal sealed class ModelVersionCalls(IModelRegistry registry, VersionSources sources, VersionPublisher publisher)
{
    private const int UsualPage = 10_000;

    /// <summary><c>model-versions/create</c></summary>
    public async Task<MlflowAnswer> CreateAsync(MlflowCall call)
    {
        RegisteredModel model = await RegistryLookup.ModelAsync(registry, call);
        return RegistryJson.One(await publisher.PublishAsync(model.Name, call));
    }

    /// <summary><c>model-versions/get</c></summary>
    public async Task<MlflowAnswer> GetAsync(MlflowCall call) => RegistryJson.One(await RegistryLookup.VersionAsync(registry, call));

    /// <summary><c>model-versions/get-download-uri</c>: where clients find the files.</summary>
    public async Task<MlflowAnswer> GetDownloadUriAsync(MlflowCall call)
    {
        ModelVersion version = await RegistryLookup.VersionAsync(registry, call);
        string location = await LocationAsync(version, call.Cancellation);
        return json => json.WriteString("artifact_uri", location);
    }

    // A version that came another way than from a client of MLflow has a source that such clients can't follow, or none; its files are there all the same.
    private async Task<string> LocationAsync(ModelVersion version, CancellationToken cancellation)
    {
        if (version.Source.Length == 0 || Prompts.IsPlaceholder(version.Source))
        {
            return version.Manifest is null ? version.Source : VersionFolders.LocationOf(version);
        }

        try
        {
            return (await sources.ResolveAsync(version.Source, cancellation)).Location;
        }
        catch (MlflowException) when (version.Manifest is not null)
        {
            return VersionFolders.LocationOf(version);
        }
    }

    /// <summary><c>model-versions/update</c></summary>
    public async Task<MlflowAnswer> UpdateAsync(MlflowCall call)
    {
        ModelVersion version = await RegistryLookup.VersionAsync(registry, call);
        if (!call.Fields.Has("description"))
        {
            return RegistryJson.One(version);
        }

        return RegistryJson.One(await registry.DescribeVersionAsync(version.Model, version.Number, call.Fields.Text("description"), call.Change, call.Cancellation));
    }

    /// <summary><c>model-versions/transition-stage</c></summary>
    public async Task<MlflowAnswer> TransitionAsync(MlflowCall call)
    {
        string stage = Stages.Canonical(call.Fields.Required("stage"));
        bool archive = call.Fields.Flag("archive_existing_versions");
        if (archive && !Stages.IsActive(stage))
        {
            throw MlflowException.Invalid(
                $"Model version transition cannot archive existing model versions because '{stage}' is not an Active stage. Valid stages are Staging, Production");
        }

        ModelVersion version = await RegistryLookup.VersionAsync(registry, call);
        return RegistryJson.One(await registry.SetStageAsync(version.Model, version.Number, stage, archive, call.Change, call.Cancellation));
    }

    /// <summary><c>model-versions/delete</c></summary>
    public async Task<MlflowAnswer> DeleteAsync(MlflowCall call)
    {
        ModelVersion version = await RegistryLookup.VersionAsync(registry, call);
        await registry.DeleteVersionAsync(version.Model, version.Number, call.Change, call.Cancellation);
        return MlflowJson.Empty;
    }

    /// <summary><c>model-versions/search</c></summary>
    public async Task<MlflowAnswer> SearchAsync(MlflowCall call)
    {
        SearchPage<ModelVersion> page = await registry.SearchVersionsAsync(
            new SearchQuery
            {
                Clauses = Prompts.LeaveOut(SearchFilter.Parse(call.Fields.Text("filter"), SearchRules.ModelVersions)),
                Order = SearchOrders.Parse(call.Fields.Texts("order_by"), SearchRules.ModelVersions),
                MaxResults = MlflowLimits.CheckPage(call.Fields, UsualPage, MlflowLimits.PageOfVersions),
                PageToken = MlflowLimits.PageToken(call.Fields),
            },
            call.Cancellation);
        return json =>
        {
            json.WriteObjects("model_versions", page.Items, RegistryJson.Write);
            json.WriteIfAny("next_page_token", page.NextPageToken);
        };
    }

    /// <summary><c>model-versions/set-tag</c></summary>
    public async Task<MlflowAnswer> SetTagAsync(MlflowCall call)
    {
        ModelVersion version = await RegistryLookup.VersionAsync(registry, call);
        string key = MlflowLimits.CheckKey("Model version key", "key", call.Fields.Required("key"));
        string value = MlflowLimits.CheckRegistryTag(call.Fields.Text("value"));
        await registry.SetVersionTagAsync(version.Model, version.Number, key, value, call.Change, call.Cancellation);
        return MlflowJson.Empty;
    }

    /// <summary><c>model-versions/delete-tag</c></summary>
    public async Task<MlflowAnswer> DeleteTagAsync(MlflowCall call)
    {
        ModelVersion version = await RegistryLookup.VersionAsync(registry, call);
        await registry.SetVersionTagAsync(version.Model, version.Number, call.Fields.Required("key"), null, call.Change, call.Cancellation);
        return MlflowJson.Empty;
    }
}
