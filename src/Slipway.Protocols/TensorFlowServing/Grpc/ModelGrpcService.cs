using Slipway.Core;
using Slipway.Protocols.Errors;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Protos.TensorFlow.Serving;
using Code = Slipway.Protocols.Protos.TensorFlow.Error.Code;
using ModelConfig = Slipway.Protocols.Protos.TensorFlow.Serving.ModelConfig;

namespace Slipway.Protocols.TensorFlowServing.Grpc;

/// <summary>ModelService: the state of versions, and replacing the list of models.</summary>
internal sealed class ModelGrpcService(IModelCatalog catalog, IModelListControl? list, TimeProvider time)
{
    // How often the models of a new list are looked at until all have been tried.
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>GetModelStatus: of one version, or of all. A label means all, as it does in TensorFlow Serving.</summary>
    public async ValueTask GetStatusAsync(GrpcCall call)
    {
        GetModelStatusRequest request = await call.ReadOnlyAsync(GetModelStatusRequest.Parser);
        ModelTarget target = ModelTarget.Of(request.ModelSpec).RequireName();
        GetModelStatusResponse response = new();
        foreach (VersionSnapshot version in ServingVersionStates.Find(catalog, target.Name, target.Version.Number))
        {
            response.ModelVersionStatus.Add(new ModelVersionStatus
            {
                Version = version.Version,
                State = (ModelVersionStatus.Types.State)(int)ServingVersionStates.Of(version),
                Status = StatusOf(ServingVersionStates.CodeOf(version), ServingVersionStates.MessageOf(version)),
            });
        }

        await call.WriteAsync(response);
    }

    /// <summary>HandleReloadConfigRequest: replaces the list of models; answers when all of them have been loaded, or have failed.</summary>
    public async ValueTask ReloadConfigAsync(GrpcCall call)
    {
        ReloadConfigRequest request = await call.ReadOnlyAsync(ReloadConfigRequest.Parser);
        if (list is null)
        {
            throw new SlipwayException(ErrorCode.FailedPrecondition, "this server finds its models in a folder; there is no list of models to replace");
        }

        if (request.Config?.ConfigCase != ModelServerConfig.ConfigOneofCase.ModelConfigList)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "the new configuration must have a model_config_list");
        }

        ConfiguredModel[] models = [.. request.Config.ModelConfigList.Config.Select(ModelOf)];
        await list.ReplaceModelsAsync(models, call.CancellationToken);
        SlipwayException? failure = await WaitAsync(models, call.CancellationToken);
        if (failure is not null)
        {
            throw failure;
        }

        await call.WriteAsync(new ReloadConfigResponse { Status = StatusOf(CanonicalCode.Ok, "") });
    }

    private async ValueTask<SlipwayException?> WaitAsync(ConfiguredModel[] models, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Poll, time);
        foreach (ConfiguredModel model in models)
        {
            VersionSnapshot? settled;
            while ((settled = Settled(model.Name)) is null)
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }

            if (settled.State == ServableState.Failed)
            {
                return new SlipwayException(settled.Error ?? ErrorCode.ModelNotReady, $"model '{model.Name}' version {settled.Version}: {settled.Reason}");
            }
        }

        return null;
    }

    // A version that answers, or one that failed when no other is under way; null while it can't be told.
    private VersionSnapshot? Settled(string name)
    {
        if (!catalog.TryGetModel(name, out ModelSnapshot? model) || model.Versions.Count == 0)
        {
            return null;
        }

        if (model.Config.Load == LoadPolicy.OnDemand)
        {
            return model.Versions[0];
        }

        bool busy = model.Versions.Any(static version => version.State is ServableState.Loading or ServableState.Warming);
        return busy
            ? null
            : model.Versions.FirstOrDefault(static version => version.State == ServableState.Ready)
                ?? model.Versions.FirstOrDefault(static version => version.State == ServableState.Failed);
    }

    private static ConfiguredModel ModelOf(ModelConfig config) => new(config.Name, config.BasePath)
    {
        Platform = config.ModelPlatform,
        Labels = config.VersionLabels.ToDictionary(),
        VersionPolicy = config.ModelVersionPolicy?.PolicyChoiceCase switch
        {
            ServableVersionPolicy.PolicyChoiceOneofCase.All => new VersionPolicy.All(),
            ServableVersionPolicy.PolicyChoiceOneofCase.Specific => new VersionPolicy.Specific([.. config.ModelVersionPolicy.Specific.Versions]),
            ServableVersionPolicy.PolicyChoiceOneofCase.Latest => new VersionPolicy.Latest(CountOf(config)),
            _ => null,
        },
    };

    private static int CountOf(ModelConfig config)
    {
        uint count = config.ModelVersionPolicy.Latest.NumVersions;
        return count is > 0 and <= int.MaxValue
            ? (int)count
            : throw new SlipwayException(ErrorCode.InvalidRequest, $"model '{config.Name}': latest.num_versions must be 1 or more");
    }

    private static StatusProto StatusOf(CanonicalCode code, string message) => new() { ErrorCode = (Code)(int)code, ErrorMessage = message };
}
