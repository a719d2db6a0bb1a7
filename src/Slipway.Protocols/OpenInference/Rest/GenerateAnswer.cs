using System.Buffers;
using Slipway.Core;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary>Writes the flat object of Triton's generate extension: outputs beside the model's name, those of one element without an array.</summary>
internal static class GenerateAnswer
{
    /// <summary>Writes an answer.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> for an output that JSON can't carry.</exception>
    public static void Write(IBufferWriter<byte> output, InferenceResponse response, string id)
    {
        output.Write("{"u8);
        if (id.Length > 0)
        {
            output.Write("\"id\":"u8);
            JsonText.Write(output, id);
            output.Write(","u8);
        }

        output.Write(ServableText.Of(response.Servable).Model);
        foreach ((string key, ParameterValue value) in response.Parameters)
        {
            WriteKey(output, key);
            ParameterWriter.Write(output, value);
        }

        foreach (Tensor tensor in response.Outputs)
        {
            bool isSingle = tensor.Shape.TryGetElementCount(out long count) && count == 1;
            WriteKey(output, tensor.Name);
            output.Write(isSingle ? ""u8 : "["u8);
            TensorJsonWriter.WriteElements(output, tensor);
            output.Write(isSingle ? ""u8 : "]"u8);
        }

        output.Write("}"u8);
    }

    private static void WriteKey(IBufferWriter<byte> output, string key)
    {
        output.Write(","u8);
        JsonText.Write(output, key);
        output.Write(":"u8);
    }
}
