using System.Buffers;
using Slipway.Core;
using Slipway.Core.Rows;
using Slipway.Protocols.Http;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.SageMaker;

/// <summary>Writes the answer to an invocation: one output as its value, several as an object of them.</summary>
internal static class InvocationAnswer
{
    /// <summary>Writes JSON, under the key <c>predictions</c> or alone.</summary>
    public static void WriteJson(IBufferWriter<byte> output, IReadOnlyList<Tensor> outputs, bool wrapped)
    {
        if (wrapped)
        {
            output.Write("{\"predictions\":"u8);
        }

        if (outputs.Count == 1)
        {
            new NestedTensorWriter(outputs[0], base64: false).WriteWhole(output);
        }
        else
        {
            output.Write("{"u8);
            for (int i = 0; i < outputs.Count; i++)
            {
                if (i > 0)
                {
                    output.Write(","u8);
                }

                JsonText.Write(output, outputs[i].Name);
                output.Write(":"u8);
                new NestedTensorWriter(outputs[i], base64: false).WriteWhole(output);
            }

            output.Write("}"u8);
        }

        if (wrapped)
        {
            output.Write("}"u8);
        }
    }

    /// <summary>Writes CSV, one line per row, without a header as SageMaker has it.</summary>
    public static void WriteCsv(IBufferWriter<byte> output, InferenceResponse response)
    {
        RowOutputs chosen = RowOutputs.Create(response.Servable.Signature, [.. response.Outputs.Select(static tensor => tensor.Name)]);
        int rows = response.Outputs is [{ Shape.Rank: > 0 } first, ..] && response.Servable.Signature.HasRows ? (int)first.Shape[0] : 1;
        RowEncoder.Create(RowFormat.Csv, chosen).Write(response.Outputs, rows, output);
    }

    /// <summary>Writes the one output as an array of NumPy's.</summary>
    public static void WriteNpy(ResponseBuffer output, IReadOnlyList<Tensor> outputs)
    {
        if (outputs.Count != 1)
        {
            throw new SlipwayException(
                ErrorCode.NotSupported, $"application/x-npy carries one output and the model gives {outputs.Count}; ask for application/json");
        }

        output.Write(NpyFormat.WriteHeader(outputs[0]));
        output.Write(outputs[0].Data.Span);
    }
}
