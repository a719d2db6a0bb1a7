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
        ReloadWatch watch = new(catalog, time, models);
        await list.ReplaceModelsAsync(models, call.CancellationToken);
        if (await watch.WaitAsync(call.CancellationToken) is { } failure)
        {
            throw failure;
        }

        await call.WriteAsync(new ReloadConfigResponse { Status = StatusOf(CanonicalCode.Ok, "") });
    }

    private static ConfiguredModel ModelOf(ModelConfig config) => new(config.Name, config.BasePath)
    {
        Platform = config.ModelPlatform,
        Labels = config.VersionLabels.ToDictionary(),
        VersionPolicy = config.ModelVersionPolicy?.PolicyChoiceCase switch
        {
            ServableVersionPolicy.PolicyChoiceOneofCase.All => new VersionPolicy.All(),
            ServableVersionPolicy.PolicyChoiceOneofCase.Specific => new VersionPolicy.Specific([.. config.ModelVersionPolicy.Specific.Versions]),
            ServableVersionPolicy.PolicyChoiceOneofCase.Latest =>
                // 0 is "not said", and one version is served then, as TensorFlow Serving does.
                new VersionPolicy.Latest((int)Math.Clamp(config.ModelVersionPolicy.Latest.NumVersions, 1, int.MaxValue)),
            _ => null,
        },
    };

    private static StatusProto StatusOf(CanonicalCode code, string message) => new() { ErrorCode = (Code)(int)code, ErrorMessage = message };
}
