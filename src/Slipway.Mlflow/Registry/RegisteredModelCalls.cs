using Slipway.Core;
using Slipway.Mlflow.Search;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Registry;

/// <summary>Calls about registered models and their aliases.</summary>
internal sealed class RegisteredModelCalls(IModelRegistry registry)
{
    private const int UsualPage = 100;

    /// <summary><c>registered-models/create</c></summary>
    public async Task<MlflowAnswer> CreateAsync(MlflowCall call)
    {
        string name = MlflowLimits.CheckModelName(call.Fields.Required("name"));
        Dictionary<string, string> tags = MlflowPairs.Tags(call.Fields, "tags", MlflowLimits.CheckRegistryTag);
        try
        {
            RegisteredModel model = await registry.CreateModelAsync(name, NotEmpty(call.Fields.Text("description")), tags, call.Change, call.Cancellation);
            return RegistryJson.One(model, []);
        }
        catch (SlipwayException taken) when (taken.Code == ErrorCode.AlreadyExists)
        {
            throw new MlflowException(MlflowErrorCode.ResourceAlreadyExists, $"Registered Model (name={name}) already exists.");
        }
    }

    /// <summary><c>registered-models/get</c></summary>
    public async Task<MlflowAnswer> GetAsync(MlflowCall call) => await WholeAsync(await RegistryLookup.ModelAsync(registry, call), call.Cancellation);

    /// <summary><c>registered-models/rename</c></summary>
    public async Task<MlflowAnswer> RenameAsync(MlflowCall call)
    {
        RegisteredModel model = await RegistryLookup.ModelAsync(registry, call);
        string name = MlflowLimits.CheckModelName(call.Fields.Required("new_name"));
        try
        {
            RegisteredModel renamed = await registry.RenameModelAsync(model.Name, name, call.Change, call.Cancellation);
            return await WholeAsync(renamed, call.Cancellation);
        }
        catch (SlipwayException taken) when (taken.Code == ErrorCode.AlreadyExists)
        {
            throw new MlflowException(MlflowErrorCode.ResourceAlreadyExists, $"Registered Model (name={name}) already exists.");
        }
    }

    /// <summary><c>registered-models/update</c></summary>
    public async Task<MlflowAnswer> UpdateAsync(MlflowCall call)
    {
        RegisteredModel model = await RegistryLookup.ModelAsync(registry, call);
        RegisteredModel changed = await registry.DescribeModelAsync(model.Name, NotEmpty(call.Fields.Text("description")), call.Change, call.Cancellation);
        return await WholeAsync(changed, call.Cancellation);
    }

    /// <summary><c>registered-models/delete</c></summary>
    public async Task<MlflowAnswer> DeleteAsync(MlflowCall call)
    {
        RegisteredModel model = await RegistryLookup.ModelAsync(registry, call);
        await registry.DeleteModelAsync(model.Name, call.Change, call.Cancellation);
        return MlflowJson.Empty;
    }

    /// <summary><c>registered-models/search</c></summary>
    public async Task<MlflowAnswer> SearchAsync(MlflowCall call)
    {
        SearchPage<RegisteredModel> page = await registry.SearchModelsAsync(
            new SearchQuery
            {
                Clauses = Prompts.LeaveOut(SearchFilter.Parse(call.Fields.Text("filter"), SearchRules.RegisteredModels)),
                Order = SearchOrders.Parse(call.Fields.Texts("order_by"), SearchRules.RegisteredModels),
                MaxResults = MlflowLimits.CheckPage(call.Fields, UsualPage, MlflowLimits.PageOfModels),
                PageToken = MlflowLimits.PageToken(call.Fields),
            },
            call.Cancellation);
        List<(RegisteredModel Model, IReadOnlyList<ModelVersion> Latest)> models = new(page.Items.Count);
        foreach (RegisteredModel model in page.Items)
        {
            models.Add((model, await LatestAsync(model.Name, call.Cancellation)));
        }

        return json =>
        {
            json.WriteObjects("registered_models", models, static (json, item) => RegistryJson.Write(json, item.Model, item.Latest));
            json.WriteIfAny("next_page_token", page.NextPageToken);
        };
    }

    /// <summary><c>registered-models/get-latest-versions</c></summary>
    public async Task<MlflowAnswer> GetLatestAsync(MlflowCall call)
    {
        string[] stages = [.. call.Fields.Texts("stages").Select(Stages.Canonical)];
        RegisteredModel model = await RegistryLookup.ModelAsync(registry, call);
        IReadOnlyList<ModelVersion> latest = await registry.GetLatestVersionsAsync(model.Name, stages, call.Cancellation);
        return json => json.WriteObjects("model_versions", latest, RegistryJson.Write);
    }

    /// <summary><c>registered-models/set-tag</c></summary>
    public async Task<MlflowAnswer> SetTagAsync(MlflowCall call)
    {
        RegisteredModel model = await RegistryLookup.ModelAsync(registry, call);
        string key = MlflowLimits.CheckKey("Registered model key", "key", call.Fields.Required("key"));
        string value = MlflowLimits.CheckRegistryTag(call.Fields.Text("value"));
        await registry.SetModelTagAsync(model.Name, key, value, call.Change, call.Cancellation);
        return MlflowJson.Empty;
    }

    /// <summary><c>registered-models/delete-tag</c></summary>
    public async Task<MlflowAnswer> DeleteTagAsync(MlflowCall call)
    {
        RegisteredModel model = await RegistryLookup.ModelAsync(registry, call);
        await registry.SetModelTagAsync(model.Name, call.Fields.Required("key"), null, call.Change, call.Cancellation);
        return MlflowJson.Empty;
    }

    /// <summary><c>POST registered-models/alias</c></summary>
    public async Task<MlflowAnswer> SetAliasAsync(MlflowCall call)
    {
        string alias = MlflowLimits.CheckAlias(call.Fields.Required("alias"));
        ModelVersion version = await RegistryLookup.VersionAsync(registry, call);
        await registry.SetAliasAsync(version.Model, alias, version.Number, AliasExpectation.Any, call.Change, call.Cancellation);
        return MlflowJson.Empty;
    }

    /// <summary><c>GET registered-models/alias</c></summary>
    public async Task<MlflowAnswer> GetByAliasAsync(MlflowCall call)
    {
        RegisteredModel model = await RegistryLookup.ModelAsync(registry, call);
        string alias = call.Fields.Required("alias");
        ModelVersion version = await registry.FindVersionByAliasAsync(model.Name, alias, call.Cancellation)
            ?? throw MlflowException.Invalid($"Registered model alias {alias} not found.");
        return RegistryJson.One(version);
    }

    /// <summary><c>DELETE registered-models/alias</c></summary>
    public async Task<MlflowAnswer> DeleteAliasAsync(MlflowCall call)
    {
        RegisteredModel model = await RegistryLookup.ModelAsync(registry, call);
        await registry.DeleteAliasAsync(model.Name, call.Fields.Required("alias"), call.Change, call.Cancellation);
        return MlflowJson.Empty;
    }

    private async Task<MlflowAnswer> WholeAsync(RegisteredModel model, CancellationToken cancellation) =>
        RegistryJson.One(model, await LatestAsync(model.Name, cancellation));

    private Task<IReadOnlyList<ModelVersion>> LatestAsync(string name, CancellationToken cancellation) => registry.GetLatestVersionsAsync(name, [], cancellation);

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
