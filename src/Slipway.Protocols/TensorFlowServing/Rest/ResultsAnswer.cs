using System.Buffers;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.TensorFlowServing.Rest;

/// <summary>Writes the answers to <c>:classify</c> and <c>:regress</c>.</summary>
internal static class ResultsAnswer
{
    /// <summary>Writes <c>{"results":[[["label",score],…],…]}</c>.</summary>
    public static void Write(IBufferWriter<byte> output, ClassScore[][] examples)
    {
        output.Write("{\"results\":["u8);
        for (int example = 0; example < examples.Length; example++)
        {
            output.Write(example == 0 ? "["u8 : ",["u8);
            for (int i = 0; i < examples[example].Length; i++)
            {
                output.Write(i == 0 ? "["u8 : ",["u8);
                JsonText.Write(output, examples[example][i].Label);
                output.Write(","u8);
                output.Advance(SingleFormat.Write(examples[example][i].Score, output.GetSpan(32)));
                output.Write("]"u8);
            }

            output.Write("]"u8);
        }

        output.Write("]}"u8);
    }

    /// <summary>Writes <c>{"results":[value,…]}</c>.</summary>
    public static void Write(IBufferWriter<byte> output, float[] values)
    {
        output.Write("{\"results\":["u8);
        for (int i = 0; i < values.Length; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            output.Advance(SingleFormat.Write(values[i], output.GetSpan(32)));
        }

        output.Write("]}"u8);
    }
}
