using Google.Protobuf.WellKnownTypes;
using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Protos.TensorFlow;
using Slipway.Protocols.Protos.TensorFlow.Serving;

namespace Slipway.Protocols.TensorFlowServing.Grpc;

/// <summary>Answers PredictionService.GetModelMetadata with the one signature that a model has here.</summary>
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
        SignatureDefMap signatures = new();
        signatures.SignatureDef.Add(ServingSignature.Default, SignatureOf(servable.Signature));
        GetModelMetadataResponse response = new() { ModelSpec = ModelTarget.SpecOf(servable, "") };
        response.Metadata.Add(SignatureField, Any.Pack(signatures));
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

    private static SignatureDef SignatureOf(ModelSignature signature)
    {
        SignatureDef message = new() { MethodName = ServingSignature.PredictMethod };
        foreach (TensorSignature input in signature.Inputs)
        {
            message.Inputs.Add(input.Name, InfoOf(input));
        }

        foreach (TensorSignature output in signature.Outputs)
        {
            message.Outputs.Add(output.Name, InfoOf(output));
        }

        return message;
    }

    private static TensorInfo InfoOf(TensorSignature tensor)
    {
        TensorShapeProto shape = new() { UnknownRank = tensor.IsRankUnknown };
        foreach (long dimension in tensor.Shape.Dimensions)
        {
            shape.Dim.Add(new TensorShapeProto.Types.Dim { Size = dimension });
        }

        return new TensorInfo { Name = tensor.Name, Dtype = tensor.DataType.ToTensorFlow(), TensorShape = shape };
    }
}
