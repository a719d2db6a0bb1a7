using Google.Protobuf.WellKnownTypes;
using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Protos.TensorFlow.Serving;

namespace Slipway.Protocols.TensorFlowServing.Grpc;

/// <summary>Answers PredictionService.GetModelMetadata with the signatures that a model has.</summary>
internal sealed class ModelMetadataHandler(IModelCatalog catalog)
{
    private const string SignatureField = "signature_def";

    /// <summary>Handles one call.</summary>
    public async ValueTask HandleAsync(GrpcCall call)
    {
        GetModelMetadataRequest request = await call.ReadOnlyAsync(GetModelMetadataRequest.Parser);
        ModelTarget target = ModelTarget.Of(request.ModelSpec).RequireName();
        if (request.MetadataField.Count == 0 || request.MetadataField.Any(static field => field != SignatureField))
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"metadata_field must be '{SignatureField}'");
        }

        ServableInfo servable = await FindAsync(target, call.CancellationToken);
        GetModelMetadataResponse response = new() { ModelSpec = ModelTarget.SpecOf(servable, "") };
        response.Metadata.Add(SignatureField, Any.Pack(DeclaredSignatures.Of(servable)));
        await call.WriteAsync(response);
    }

    private async ValueTask<ServableInfo> FindAsync(ModelTarget target, CancellationToken cancellationToken)
    {
        try
        {
            return await catalog.GetServableAsync(target.Name, target.Version, cancellationToken);
        }
        catch (SlipwayException failure) when (failure.Code is ErrorCode.ModelNotFound or ErrorCode.VersionNotFound)
        {
            throw ServingErrors.Translate(failure, target.Name, target.Version);
        }
    }
}
