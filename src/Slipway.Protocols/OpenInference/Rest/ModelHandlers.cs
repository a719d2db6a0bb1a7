using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.Core;
using Slipway.Protocols.Http;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary>What models there are, what they take and give, and whether they are ready.</summary>
internal sealed class ModelHandlers(IModelCatalog catalog)
{
    /// <summary><c>GET /v2/models</c>: names of all models, as KServe has it.</summary>
    public Task ListAsync(HttpContext context) => ModelNames.SendAsync(context, catalog);

    /// <summary><c>GET /v2/models/{model}[/versions/{version}]</c></summary>
    public async Task MetadataAsync(HttpContext context)
    {
        ServableInfo servable = await catalog.GetServableAsync(RouteNames.Model(context), RouteNames.Version(context), context.RequestAborted);
        using ResponseBuffer body = new();
        WriteMetadata(new JsonWriter(body), servable, RouteNames.Version(context).IsDefault ? ReadyVersions(servable) : [servable.Version]);
        await body.SendJsonAsync(context);
    }

    /// <summary><c>GET /v2/models/{model}[/versions/{version}]/ready</c></summary>
    public async Task ReadyAsync(HttpContext context)
    {
        string name = RouteNames.Model(context);
        VersionSelector version = RouteNames.Version(context);
        ModelSnapshot model = catalog.Find(name);

        // Asking must load nothing, so the state decides and not a look-up that would load on demand.
        if (!model.Answers(version))
        {
            throw new SlipwayException(ErrorCode.ModelNotReady, $"Model version not ready: '{name}'{version}");
        }

        using ResponseBuffer body = new();
        JsonWriter json = new(body);
        json.Open("name");
        json.Value(name);
        json.Key("ready");
        json.Value(true);
        json.Close();
        await body.SendJsonAsync(context);
    }

    private long[] ReadyVersions(ServableInfo servable) => catalog.TryGetModel(servable.ModelName, out ModelSnapshot? model)
        ? [.. model.Versions.Where(static version => version.State == ServableState.Ready).Select(static version => version.Version).Order()]
        : [servable.Version];

    private static void WriteMetadata(JsonWriter json, ServableInfo servable, IEnumerable<long> versions)
    {
        json.Open("name");
        json.Value(servable.ModelName);
        json.Key("versions");
        json.OpenArray();
        foreach (long version in versions)
        {
            json.Value(version.ToString(CultureInfo.InvariantCulture));
        }

        json.CloseArray();
        json.Key("platform");
        json.Value(servable.Platform);
        WriteTensors(json, "inputs", servable.Signature.Inputs);
        WriteTensors(json, "outputs", servable.Signature.Outputs);
        json.Close();
    }

    private static void WriteTensors(JsonWriter json, string key, IReadOnlyList<TensorSignature> tensors)
    {
        json.Key(key);
        json.OpenArray();
        foreach (TensorSignature tensor in tensors)
        {
            json.Open("name");
            json.Value(tensor.Name);
            json.Key("datatype");
            json.Value(tensor.DataType.ToName());
            json.Key("shape");
            json.OpenArray();
            foreach (long dimension in tensor.Shape.Dimensions)
            {
                json.Value(dimension);
            }

            json.CloseArray();
            json.Close();
        }

        json.CloseArray();
    }
}
