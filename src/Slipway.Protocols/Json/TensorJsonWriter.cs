using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Protocols.Tensors;

namespace Slipway.Protocols.Json;

/// <summary>Writes the elements of tensors as JSON values: numbers in the shortest form that reads back the same, whole floats with <c>.0</c>.</summary>
internal static class TensorJsonWriter
{
    // Room asked for at once: enough for some hundred elements, little enough to fit a pooled piece.
    private const int Stretch = 256;

    private const int LongestNumber = 32;

    /// <summary>Writes all elements with commas between them, without brackets.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> for a datatype, or bytes, that JSON can't carry.</exception>
    public static void WriteElements(IBufferWriter<byte> output, Tensor tensor) =>
        WriteElements(output, tensor.DataType, tensor.Data.Span, tensor.Name);

    /// <summary>Writes a run of elements with commas between them, without brackets.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="dataType">Element type.</param>
    /// <param name="data">The elements, packed as in a tensor.</param>
    /// <param name="name">Name of the output, for errors.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> for a datatype, or bytes, that JSON can't carry.</exception>
    public static void WriteElements(IBufferWriter<byte> output, TensorDataType dataType, ReadOnlySpan<byte> data, string name)
    {
        switch (dataType)
        {
            case TensorDataType.Bool:
                Write<byte, BoolFormat>(output, data);
                break;
            case TensorDataType.UInt8:
                Write<byte, IntegerFormat<byte>>(output, data);
                break;
            case TensorDataType.UInt16:
                Write<ushort, IntegerFormat<ushort>>(output, data);
                break;
            case TensorDataType.UInt32:
                Write<uint, IntegerFormat<uint>>(output, data);
                break;
            case TensorDataType.UInt64:
                Write<ulong, IntegerFormat<ulong>>(output, data);
                break;
            case TensorDataType.Int8:
                Write<sbyte, IntegerFormat<sbyte>>(output, data);
                break;
            case TensorDataType.Int16:
                Write<short, IntegerFormat<short>>(output, data);
                break;
            case TensorDataType.Int32:
                Write<int, IntegerFormat<int>>(output, data);
                break;
            case TensorDataType.Int64:
                Write<long, IntegerFormat<long>>(output, data);
                break;
            case TensorDataType.Float16:
                Write<Half, HalfFormat>(output, data);
                break;
            case TensorDataType.BFloat16:
                Write<ushort, BFloat16Format>(output, data);
                break;
            case TensorDataType.Float32:
                Write<float, SingleFormat>(output, data);
                break;
            case TensorDataType.Float64:
                Write<double, DoubleFormat>(output, data);
                break;
            case TensorDataType.String:
                WriteStrings(output, data, name);
                break;
            default:
                throw new SlipwayException(ErrorCode.NotSupported, $"output '{name}' is {dataType.ToName()}, which has no JSON form here; ask for binary data");
        }
    }

    /// <summary>Writes elements with commas between them.</summary>
    public static void Write<T, TFormat>(IBufferWriter<byte> output, ReadOnlySpan<byte> data)
        where T : unmanaged
        where TFormat : struct, IElementFormat<T>
    {
        ReadOnlySpan<T> elements = MemoryMarshal.Cast<byte, T>(data);
        while (!elements.IsEmpty)
        {
            ReadOnlySpan<T> some = elements[..Math.Min(Stretch, elements.Length)];
            elements = elements[some.Length..];
            Span<byte> room = output.GetSpan(some.Length * LongestNumber);
            int used = 0;
            foreach (T element in some)
            {
                used += TFormat.Write(element, room[used..]);
                room[used++] = (byte)',';
            }

            // The last comma of all is one too many.
            output.Advance(elements.IsEmpty ? used - 1 : used);
        }
    }

    /// <summary>Writes a string element, or fails when it isn't text.</summary>
    public static void WriteString(IBufferWriter<byte> output, ReadOnlySpan<byte> text, string name)
    {
        if (!System.Text.Unicode.Utf8.IsValid(text))
        {
            throw new SlipwayException(ErrorCode.NotSupported, $"output '{name}' holds bytes that are not UTF-8, which JSON can't carry; ask for binary data");
        }

        JsonText.Write(output, text);
    }

    /// <summary>Writes bytes as <c>{"b64":"…"}</c>.</summary>
    public static void WriteBase64(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        output.Write("{\"b64\":\""u8);
        Span<byte> room = output.GetSpan(Base64.GetMaxEncodedToUtf8Length(bytes.Length));
        Base64.EncodeToUtf8(bytes, room, out _, out int written);
        output.Advance(written);
        output.Write("\"}"u8);
    }

    private static void WriteStrings(IBufferWriter<byte> output, ReadOnlySpan<byte> packed, string name)
    {
        while (PackedStrings.TryReadNext(ref packed, out ReadOnlySpan<byte> text))
        {
            WriteString(output, text, name);
            if (!packed.IsEmpty)
            {
                output.Write(","u8);
            }
        }
    }
}
