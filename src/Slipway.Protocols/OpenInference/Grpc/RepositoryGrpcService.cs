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
                response.Models.Add(new ModelIndex { Name = model.Name });
            }
        }

        await call.WriteAsync(response);
    }

    /// <summary>RepositoryModelLoad: answers when the model is ready.</summary>
    public async ValueTask LoadAsync(GrpcCall call)
    {
        RepositoryModelLoadRequest request = await call.ReadOnlyAsync(RepositoryModelLoadRequest.Parser);
        foreach (string name in request.Parameters.Keys)
        {
            throw new SlipwayException(
                ErrorCode.NotSupported, $"parameter '{name}': a model is loaded as its files and its own configuration say; change those and load it again");
        }

        await control.LoadAsync(request.ModelName, config: null, call.CancellationToken);
        await call.WriteAsync(new RepositoryModelLoadResponse());
    }

    /// <summary>RepositoryModelUnload. Models have no dependents here, so <c>unload_dependents</c> changes nothing.</summary>
    public async ValueTask UnloadAsync(GrpcCall call)
    {
        RepositoryModelUnloadRequest request = await call.ReadOnlyAsync(RepositoryModelUnloadRequest.Parser);
        await control.UnloadAsync(request.ModelName, call.CancellationToken);
        await call.WriteAsync(new RepositoryModelUnloadResponse());
    }

    private static ModelIndex EntryOf(string model, VersionSnapshot version) => new()
    {
        Name = model,
        Version = version.Version.ToString(CultureInfo.InvariantCulture),
        State = RepositoryStates.Of(version.State),
        Reason = version.Reason ?? "",
    };
}
