using System.Globalization;
using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Protos.Inference;
using ModelIndex = Slipway.Protocols.Protos.Inference.RepositoryIndexResponse.Types.ModelIndex;

namespace Slipway.Protocols.OpenInference.Grpc;

/// <summary>The model repository extension over gRPC. There is one repository, whatever name a caller gives it.</summary>
internal sealed class RepositoryGrpcService(IModelCatalog catalog, IModelControl control)
{
    /// <summary>RepositoryIndex: one entry for each known version, and one for each model that has none.</summary>
    public async ValueTask IndexAsync(GrpcCall call)
    {
        RepositoryIndexRequest request = await call.ReadOnlyAsync(RepositoryIndexRequest.Parser);
        RepositoryIndexResponse response = new();
        foreach (ModelSnapshot model in catalog.GetModels())
        {
            foreach (VersionSnapshot version in model.Versions)
            {
                if (!request.Ready || version.State == ServableState.Ready)
                {
                    response.Models.Add(EntryOf(model.Name, version));
                }
            }

            if (model.Versions.Count == 0 && !request.Ready)
            {
                response.Models.Add(new ModelIndex
                {
                    Name = model.Name,
                    State = model.Problem is null ? "" : RepositoryStates.Of(ServableState.Failed),
                    Reason = model.Problem ?? "",
                });
            }
        }

        await call.WriteAsync(response);
    }

    /// <summary>RepositoryModelLoad: answers when the model is ready.</summary>
    public async ValueTask LoadAsync(GrpcCall call)
    {
        RepositoryModelLoadRequest request = await call.ReadOnlyAsync(RepositoryModelLoadRequest.Parser);
        string? config = null;
        foreach ((string name, ModelRepositoryParameter value) in request.Parameters)
        {
            config = name == "config" && value.ParameterChoiceCase == ModelRepositoryParameter.ParameterChoiceOneofCase.StringParam
                ? value.StringParam
                : throw Refused(name);
        }

        Core.ModelConfig current = catalog.TryGetModel(request.ModelName, out ModelSnapshot? known) ? known.Config : Core.ModelConfig.Default;
        await control.LoadAsync(
            request.ModelName, config is null ? null : ModelConfigOverride.Read(request.ModelName, config, current), call.CancellationToken);
        await call.WriteAsync(new RepositoryModelLoadResponse());
    }

    /// <summary>RepositoryModelUnload. Models have no dependents here, so <c>unload_dependents</c> changes nothing.</summary>
    public async ValueTask UnloadAsync(GrpcCall call)
    {
        RepositoryModelUnloadRequest request = await call.ReadOnlyAsync(RepositoryModelUnloadRequest.Parser);
        foreach ((string name, ModelRepositoryParameter value) in request.Parameters)
        {
            if (name != "unload_dependents" || value.ParameterChoiceCase != ModelRepositoryParameter.ParameterChoiceOneofCase.BoolParam)
            {
                throw new SlipwayException(ErrorCode.InvalidRequest, $"parameter '{name}': the only parameter of an unload is 'unload_dependents', a truth value");
            }
        }

        await control.UnloadAsync(request.ModelName, call.CancellationToken);
        await call.WriteAsync(new RepositoryModelUnloadResponse());
    }

    private static SlipwayException Refused(string parameter) => parameter.StartsWith("file:", StringComparison.Ordinal)
        ? new SlipwayException(ErrorCode.NotSupported, "parameter 'file:…': model files are not taken from requests; put them into the repository")
        : new SlipwayException(ErrorCode.InvalidRequest, $"parameter '{parameter}': the only parameter of a load is 'config', a text");

    private static ModelIndex EntryOf(string model, VersionSnapshot version) => new()
    {
        Name = model,
        Version = version.Version.ToString(CultureInfo.InvariantCulture),
        State = RepositoryStates.Of(version.State),
        Reason = version.Reason ?? "",
    };
}
