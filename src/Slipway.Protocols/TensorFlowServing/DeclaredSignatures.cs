using Google.Protobuf;
using Slipway.Core;
using Slipway.Protocols.Protos.TensorFlow;
using Slipway.Protocols.Protos.TensorFlow.Serving;

namespace Slipway.Protocols.TensorFlowServing;

/// <summary>The signatures that GetModelMetadata shows: those that a SavedModel declares, or what the model has here.</summary>
internal static class DeclaredSignatures
{
    /// <summary>The signatures by their names.</summary>
    public static SignatureDefMap Of(ServableInfo servable)
    {
        if (Declared(servable) is { } declared)
        {
            return declared;
        }

        SignatureDefMap signatures = new();
        foreach (ServableInfo each in servable.Signatures.Values.Prepend(servable))
        {
            signatures.SignatureDef.Add(ServingSignature.NameOf(each), SignatureOf(each.Signature));
        }

        return signatures;
    }

    // Metadata is a stranger's text: what is not as it should be is taken for absent.
    private static SignatureDefMap? Declared(ServableInfo servable)
    {
        if (!servable.Signature.Metadata.TryGetValue(ModelMetadataKeys.TensorFlowSignatures, out string? text))
        {
            return null;
        }

        try
        {
            return SignatureDefMap.Parser.ParseFrom(Convert.FromBase64String(text));
        }
        catch (Exception exception) when (exception is FormatException or InvalidProtocolBufferException)
        {
            return null;
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
        for (int i = 0; i < tensor.Shape.Rank; i++)
        {
            shape.Dim.Add(new TensorShapeProto.Types.Dim { Size = tensor.Shape[i], Name = i < tensor.DimensionNames.Count ? tensor.DimensionNames[i] ?? "" : "" });
        }

        return new TensorInfo { Name = tensor.Name, Dtype = tensor.DataType.ToTensorFlow(), TensorShape = shape };
    }
}
