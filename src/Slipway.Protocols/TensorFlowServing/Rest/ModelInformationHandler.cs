using System.Globalization;
using Google.Protobuf.Collections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Protocols.Errors;
using Slipway.Protocols.Http;
using Slipway.Protocols.Json;
using Slipway.Protocols.Protos.TensorFlow;

namespace Slipway.Protocols.TensorFlowServing.Rest;

/// <summary>
/// <c>GET /v1/models</c> (KServe's list), <c>GET /v1/models/…</c> (states, with KServe's <c>name</c> and <c>ready</c> beside them) and <c>GET /v1/models/…/metadata</c>.
/// </summary>
internal sealed class ModelInformationHandler(IModelCatalog catalog, ILogger<ModelInformationHandler> logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (!TensorFlowPath.TryParse(context.Request.Path.Value, post: false, out TensorFlowPath path))
        {
            await UnknownPaths.HandleAsync(context);
            return;
        }

        try
        {
            using ResponseBuffer body = new();
            if (path.Action == TensorFlowAction.Metadata)
            {
                WriteMetadata(new JsonWriter(body), await catalog.GetServableAsync(path.Model, path.Version, context.RequestAborted));
            }
            else
            {
                WriteStatus(new JsonWriter(body), path);
            }

            await body.SendJsonAsync(context);
        }
        catch (Exception exception)
        {
            // The states have words of their own for what isn't there, other than those for predictions.
            SlipwayException failure = path.Action == TensorFlowAction.Status
                ? HttpFailure.ForCallers(exception, context)
                : TensorFlowFailure.ForCallers(exception, context, path);
            HttpLog.Failed(logger, exception, failure);
            await HttpFailure.WriteAsync(context, failure);
        }
    }

    public Task ListAsync(HttpContext context) => ModelNames.SendAsync(context, catalog);

    private void WriteStatus(JsonWriter json, TensorFlowPath path)
    {
        IReadOnlyList<VersionSnapshot> versions = ServingVersionStates.Find(catalog, path.Model, NumberOf(path));
        json.Open("model_version_status");
        json.OpenArray();
        foreach (VersionSnapshot version in versions)
        {
            json.Open("version");
            json.Text(version.Version);
            json.Property("state", ServingVersionStates.Of(version).ToName());
            json.Key("status");
            json.Open();
            json.Property("error_code", ServingVersionStates.CodeOf(version).ToName());
            json.Property("error_message", ServingVersionStates.MessageOf(version));
            json.Close();
            json.Close();
        }

        json.CloseArray();
        json.Property("name", path.Model);
        json.Property("ready", catalog.TryGetModel(path.Model, out ModelSnapshot? model) && model.Answers(path.Version));
        json.Close();
    }

    private long? NumberOf(TensorFlowPath path)
    {
        if (path.Version.Label is not { } label || !catalog.TryGetModel(path.Model, out ModelSnapshot? model))
        {
            return path.Version.Number;
        }

        return model.Labels.TryGetValue(label, out long number)
            ? number
            : throw new SlipwayException(ErrorCode.InvalidRequest, $"Unrecognized servable version label: {label}");
    }

    private static void WriteMetadata(JsonWriter json, ServableInfo servable)
    {
        json.Open("model_spec");
        json.Open();
        json.Property("name", servable.ModelName);
        json.Property("signature_name", "");
        json.Property("version", servable.Version.ToString(CultureInfo.InvariantCulture));
        json.Close();
        json.Key("metadata");
        json.Open("signature_def");
        json.Open("signature_def");
        json.Open();
        foreach ((string name, SignatureDef signature) in DeclaredSignatures.Of(servable).SignatureDef)
        {
            json.Key(name);
            json.Open();
            WriteTensors(json, "inputs", signature.Inputs);
            WriteTensors(json, "outputs", signature.Outputs);
            json.Property("method_name", signature.MethodName);
            json.Key("defaults");
            json.Open();
            json.Close();
            json.Close();
        }

        json.Close();
        json.Close();
        json.Close();
        json.Close();
    }

    private static void WriteTensors(JsonWriter json, string key, MapField<string, TensorInfo> tensors)
    {
        json.Key(key);
        json.Open();
        foreach ((string name, TensorInfo tensor) in tensors)
        {
            json.Key(name);
            json.Open();
            json.Property("dtype", tensor.Dtype.ToName());
            json.Key("tensor_shape");
            json.Open("dim");
            json.OpenArray();
            foreach (TensorShapeProto.Types.Dim dimension in tensor.TensorShape?.Dim ?? [])
            {
                json.Open("size");
                json.Text(dimension.Size);
                json.Property("name", dimension.Name);
                json.Close();
            }

            json.CloseArray();
            json.Property("unknown_rank", tensor.TensorShape?.UnknownRank ?? false);
            json.Close();
            json.Property("name", tensor.Name);
            json.Close();
        }

        json.Close();
    }
}
