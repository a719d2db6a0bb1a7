using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Slipway.Core;
using Slipway.Protocols.Tensors;

namespace Slipway.Protocols.TensorFlowServing;

/// <summary>Reads an output's elements as the numbers or texts of a classification or regression.</summary>
internal static class OutputValues
{
    /// <summary>Whether the elements are numbers that <see cref="ToFloats"/> reads.</summary>
    public static bool IsNumeric(TensorDataType type) => type is TensorDataType.Float16 or TensorDataType.Float32 or TensorDataType.Float64
        or TensorDataType.Int8 or TensorDataType.Int16 or TensorDataType.Int32 or TensorDataType.Int64
        or TensorDataType.UInt8 or TensorDataType.UInt16 or TensorDataType.UInt32 or TensorDataType.UInt64 or TensorDataType.Bool;

    /// <summary>All elements as floats.</summary>
    public static float[] ToFloats(Tensor tensor)
    {
        int size = tensor.DataType.ElementSize();
        float[] values = new float[tensor.ElementCount];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)ReadNumber(tensor.DataType, tensor.Data.Span.Slice(i * size, size));
        }

        return values;
    }

    /// <summary>All elements as texts: strings as they are, integers in decimal.</summary>
    public static string[] ToTexts(Tensor tensor)
    {
        string[] texts = new string[tensor.ElementCount];
        ReadOnlySpan<byte> data = tensor.Data.Span;
        if (tensor.DataType == TensorDataType.String)
        {
            for (int i = 0; i < texts.Length; i++)
            {
                PackedStrings.TryReadNext(ref data, out ReadOnlySpan<byte> element);
                texts[i] = Encoding.UTF8.GetString(element);
            }

            return texts;
        }

        int size = tensor.DataType.ElementSize();
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = ReadNumber(tensor.DataType, data.Slice(i * size, size)).ToString(CultureInfo.InvariantCulture);
        }

        return texts;
    }

    private static double ReadNumber(TensorDataType type, ReadOnlySpan<byte> element) => type switch
    {
        TensorDataType.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(element),
        TensorDataType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(element),
        TensorDataType.Float64 => BinaryPrimitives.ReadDoubleLittleEndian(element),
        TensorDataType.Int8 => (sbyte)element[0],
        TensorDataType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(element),
        TensorDataType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(element),
        TensorDataType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(element),
        TensorDataType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(element),
        TensorDataType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(element),
        TensorDataType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(element),
        _ => element[0],
    };
}
