using System.Buffers;
using Slipway.Core;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary>Writes parameters of an answer.</summary>
internal static class ParameterWriter
{
    /// <summary>Writes an object of parameters.</summary>
    public static void Write(IBufferWriter<byte> output, IEnumerable<KeyValuePair<string, ParameterValue>> parameters)
    {
        output.Write("{"u8);
        bool first = true;
        foreach ((string key, ParameterValue value) in parameters)
        {
            if (!first)
            {
                output.Write(","u8);
            }

            first = false;
            JsonText.Write(output, key);
            output.Write(":"u8);
            Write(output, value);
        }

        output.Write("}"u8);
    }

    /// <summary>Writes one value.</summary>
    public static void Write(IBufferWriter<byte> output, ParameterValue value)
    {
        if (value.Kind == ParameterKind.String)
        {
            JsonText.Write(output, value.Text!);
            return;
        }

        Span<byte> room = output.GetSpan(32);
        output.Advance(value.Kind switch
        {
            ParameterKind.Bool => BoolFormat.Write(value.Bool ? (byte)1 : (byte)0, room),
            ParameterKind.Int64 => IntegerFormat<long>.Write(value.Int64, room),
            ParameterKind.UInt64 => IntegerFormat<ulong>.Write(value.UInt64, room),
            _ => DoubleFormat.Write(value.Double, room),
        });
    }
}
