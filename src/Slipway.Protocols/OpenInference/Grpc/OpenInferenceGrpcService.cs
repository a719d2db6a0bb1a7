using System.Globalization;
using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Protos.Inference;

namespace Slipway.Protocols.OpenInference.Grpc;

/// <summary>The calls of inference.GRPCInferenceService that tell about the server and its models.</summary>
internal sealed class OpenInferenceGrpcService(IModelCatalog catalog, IModelStatistics statistics)
{
    /// <summary>ServerLive: whoever can answer, lives.</summary>
    public static async ValueTask ServerLiveAsync(GrpcCall call)
    {
        await call.ReadOnlyAsync(ServerLiveRequest.Parser);
        await call.WriteAsync(new ServerLiveResponse { Live = true });
    }

    /// <summary>ServerReady.</summary>
    public async ValueTask ServerReadyAsync(GrpcCall call)
    {
        await call.ReadOnlyAsync(ServerReadyRequest.Parser);
        await call.WriteAsync(new ServerReadyResponse { Ready = catalog.IsReady });
    }

    /// <summary>ServerMetadata.</summary>
    public static async ValueTask ServerMetadataAsync(GrpcCall call)
    {
        await call.ReadOnlyAsync(ServerMetadataRequest.Parser);
        ServerMetadataResponse response = new() { Name = ServerIdentity.Name, Version = ServerIdentity.Version };
        response.Extensions.AddRange(ServerIdentity.Extensions);
        await call.WriteAsync(response);
    }

    /// <summary>ModelReady: false for a model that is known and does not answer now; an unknown one is an error. Asking loads nothing.</summary>
    public async ValueTask ModelReadyAsync(GrpcCall call)
    {
        ModelReadyRequest request = await call.ReadOnlyAsync(ModelReadyRequest.Parser);
        bool ready = catalog.Find(request.Name).Answers(VersionSelector.Parse(request.Version));
        await call.WriteAsync(new ModelReadyResponse { Ready = ready });
    }

    /// <summary>ModelMetadata: of the version asked for, or of the one that a request would reach.</summary>
    public async ValueTask ModelMetadataAsync(GrpcCall call)
    {
        ModelMetadataRequest request = await call.ReadOnlyAsync(ModelMetadataRequest.Parser);
        VersionSelector version = VersionSelector.Parse(request.Version);
        ServableInfo servable = await catalog.GetServableAsync(request.Name, version, call.CancellationToken);
        ModelMetadataResponse response = new() { Name = servable.ModelName, Platform = servable.Platform };
        IEnumerable<long> versions = version.IsDefault ? ReadyVersions(servable) : [servable.Version];
        response.Versions.AddRange(versions.Select(static number => number.ToString(CultureInfo.InvariantCulture)));
        response.Inputs.AddRange(servable.Signature.Inputs.Select(MetadataOf));
        response.Outputs.AddRange(servable.Signature.Outputs.Select(MetadataOf));
        await call.WriteAsync(response);
    }

    /// <summary>ModelConfig.</summary>
    public async ValueTask ModelConfigAsync(GrpcCall call)
    {
        ModelConfigRequest request = await call.ReadOnlyAsync(ModelConfigRequest.Parser);
        ServableInfo servable = await catalog.GetServableAsync(request.Name, VersionSelector.Parse(request.Version), call.CancellationToken);
        await call.WriteAsync(new ModelConfigResponse { Config = ModelConfigMessages.Of(servable) });
    }

    /// <summary>ModelStatistics: of one version, of the ready versions of one model, or of all.</summary>
    public async ValueTask ModelStatisticsAsync(GrpcCall call)
    {
        ModelStatisticsRequest request = await call.ReadOnlyAsync(ModelStatisticsRequest.Parser);
        await call.WriteAsync(ModelStatisticsMessages.Of(statistics.GetStatistics(
            request.Name.Length == 0 ? null : request.Name, NumberOf(request.Name, VersionSelector.Parse(request.Version)))));
    }

    private long? NumberOf(string name, VersionSelector version)
    {
        if (version.Label is not { } label)
        {
            return version.Number;
        }

        return catalog.Find(name).Labels.TryGetValue(label, out long number)
            ? number
            : throw new SlipwayException(ErrorCode.VersionNotFound, $"model '{name}' has no label '{label}'");
    }

    private IEnumerable<long> ReadyVersions(ServableInfo servable) => catalog.TryGetModel(servable.ModelName, out ModelSnapshot? model)
        ? model.Versions.Where(static version => version.State == ServableState.Ready).Select(static version => version.Version).Order()
        : [servable.Version];

    private static ModelMetadataResponse.Types.TensorMetadata MetadataOf(TensorSignature tensor)
    {
        ModelMetadataResponse.Types.TensorMetadata message = new() { Name = tensor.Name, Datatype = tensor.DataType.ToName() };
        message.Shape.AddRange(tensor.Shape.Dimensions.ToArray());
        return message;
    }
}
