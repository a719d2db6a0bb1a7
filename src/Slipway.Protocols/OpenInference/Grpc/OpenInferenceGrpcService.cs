using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Protos.Inference;

namespace Slipway.Protocols.OpenInference.Grpc;

/// <summary>The calls of inference.GRPCInferenceService that tell about the server and its models.</summary>
internal sealed class OpenInferenceGrpcService(IModelCatalog catalog)
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

    /// <summary>ModelReady: false for a model that is known and not ready; an unknown one is an error.</summary>
    public async ValueTask ModelReadyAsync(GrpcCall call)
    {
        ModelReadyRequest request = await call.ReadOnlyAsync(ModelReadyRequest.Parser);
        bool ready = true;
        try
        {
            await catalog.GetServableAsync(request.Name, VersionSelector.Parse(request.Version), call.CancellationToken);
        }
        catch (SlipwayException failure) when (failure.Code == ErrorCode.ModelNotReady)
        {
            ready = false;
        }

        await call.WriteAsync(new ModelReadyResponse { Ready = ready });
    }
}
