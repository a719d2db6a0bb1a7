using System.Buffers;
using Slipway.Core;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.TensorFlowServing.Rest;

/// <summary>Writes the answer to a <c>:predict</c>, row by row or tensor by tensor, as the request was.</summary>
internal static class PredictAnswer
{
    // Strings of outputs so named are bytes, not text.
    private const string BytesSuffix = "_bytes";

    /// <summary>Writes the answer.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>: the outputs don't fall into rows.</exception>
    public static void Write(IBufferWriter<byte> output, InferenceResponse response, bool rows)
    {
        NestedTensorWriter[] writers = [.. response.Outputs.Select(static tensor =>
            new NestedTensorWriter(tensor, tensor.Name.EndsWith(BytesSuffix, StringComparison.Ordinal)))];
        if (rows)
        {
            WriteRows(output, writers);
        }
        else
        {
            WriteColumns(output, writers);
        }
    }

    private static void WriteRows(IBufferWriter<byte> output, NestedTensorWriter[] writers)
    {
        long count = CountRows(writers);
        output.Write("{\"predictions\":["u8);
        for (long row = 0; row < count; row++)
        {
            if (row > 0)
            {
                output.Write(","u8);
            }

            if (writers.Length == 1)
            {
                writers[0].WriteRow(output);
                continue;
            }

            for (int i = 0; i < writers.Length; i++)
            {
                output.Write(i == 0 ? "{"u8 : ","u8);
                JsonText.Write(output, writers[i].Tensor.Name);
                output.Write(":"u8);
                writers[i].WriteRow(output);
            }

            output.Write("}"u8);
        }

        output.Write("]}"u8);
    }

    private static void WriteColumns(IBufferWriter<byte> output, NestedTensorWriter[] writers)
    {
        output.Write("{\"outputs\":"u8);
        if (writers.Length == 1)
        {
            writers[0].WriteWhole(output);
        }
        else
        {
            for (int i = 0; i < writers.Length; i++)
            {
                output.Write(i == 0 ? "{"u8 : ","u8);
                JsonText.Write(output, writers[i].Tensor.Name);
                output.Write(":"u8);
                writers[i].WriteWhole(output);
            }

            output.Write(writers.Length == 0 ? "{}"u8 : "}"u8);
        }

        output.Write("}"u8);
    }

    private static long CountRows(NestedTensorWriter[] writers)
    {
        long count = -1;
        foreach (NestedTensorWriter writer in writers)
        {
            Tensor tensor = writer.Tensor;
            if (tensor.Shape.Rank == 0)
            {
                throw new SlipwayException(ErrorCode.InvalidRequest, $"Tensor name: {tensor.Name} has no shape information; ask with 'inputs' rather than 'instances'");
            }

            if (count >= 0 && tensor.Shape[0] != count)
            {
                throw new SlipwayException(
                    ErrorCode.InvalidRequest, $"Tensor name: {tensor.Name} has inconsistent batch size: {tensor.Shape[0]} expecting: {count}; ask with 'inputs' rather than 'instances'");
            }

            count = tensor.Shape[0];
        }

        return count;
    }
}
