using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Slipway.Client.Inference;

/// <summary>Elements of tensors as bytes and as JSON.</summary>
internal static class WireValues
{
    /// <summary>Bytes of one element; 0 for <c>BYTES</c>.</summary>
    /// <exception cref="NotSupportedException">The datatype is not one of Open Inference's.</exception>
    public static int SizeOf(string datatype) => datatype switch
    {
        "BOOL" or "INT8" or "UINT8" => 1,
        "INT16" or "UINT16" or "FP16" or "BF16" => 2,
        "INT32" or "UINT32" or "FP32" => 4,
        "INT64" or "UINT64" or "FP64" => 8,
        "BYTES" => 0,
        _ => throw new NotSupportedException($"datatype '{datatype}' is not one of Open Inference's"),
    };

    /// <summary>Numbers as little-endian bytes.</summary>
    public static byte[] Pack(ReadOnlySpan<float> values)
    {
        byte[] bytes = new byte[checked(values.Length * sizeof(float))];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        return bytes;
    }

    /// <summary>One element.</summary>
    public static object Read(string datatype, ReadOnlySpan<byte> data, long index)
    {
        int size = SizeOf(datatype);
        if (size == 0)
        {
            return Encoding.UTF8.GetString(Text(data, index));
        }

        ReadOnlySpan<byte> at = data.Slice(checked((int)(index * size)), size);
        return datatype switch
        {
            "BOOL" => at[0] != 0,
            "INT8" => unchecked((sbyte)at[0]),
            "UINT8" => at[0],
            "INT16" => BinaryPrimitives.ReadInt16LittleEndian(at),
            "UINT16" => BinaryPrimitives.ReadUInt16LittleEndian(at),
            "INT32" => BinaryPrimitives.ReadInt32LittleEndian(at),
            "UINT32" => BinaryPrimitives.ReadUInt32LittleEndian(at),
            "INT64" => BinaryPrimitives.ReadInt64LittleEndian(at),
            "UINT64" => BinaryPrimitives.ReadUInt64LittleEndian(at),
            "FP16" => (float)BinaryPrimitives.ReadHalfLittleEndian(at),
            "BF16" => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(at) << 16),
            "FP32" => BinaryPrimitives.ReadSingleLittleEndian(at),
            _ => BinaryPrimitives.ReadDoubleLittleEndian(at),
        };
    }

    /// <summary>Writes all elements of <paramref name="tensor"/> as one flat JSON array.</summary>
    /// <exception cref="NotSupportedException">The datatype has no JSON form (<c>FP16</c>, <c>BF16</c>), or a number is not finite.</exception>
    public static void WriteJson(Utf8JsonWriter writer, ClientTensor tensor)
    {
        if (tensor.Datatype is "FP16" or "BF16")
        {
            throw new NotSupportedException($"input '{tensor.Name}': {tensor.Datatype} has no JSON form; send it as binary");
        }

        writer.WriteStartArray();
        long count = tensor.ElementCount;
        ReadOnlySpan<byte> data = tensor.Data.Span;
        if (tensor.Datatype == "BYTES")
        {
            for (long i = 0; i < count; i++)
            {
                int length = BinaryPrimitives.ReadInt32LittleEndian(data);
                writer.WriteStringValue(data.Slice(4, length));
                data = data[(4 + length)..];
            }
        }
        else
        {
            for (long i = 0; i < count; i++)
            {
                WriteNumber(writer, tensor.Name, Read(tensor.Datatype, data, i));
            }
        }

        writer.WriteEndArray();
    }

    /// <summary>Reads a JSON array, nested or flat, of <paramref name="count"/> elements.</summary>
    /// <exception cref="JsonException">An element is not of the datatype, or there are more or fewer.</exception>
    public static byte[] ReadJson(string datatype, JsonElement array, long count)
    {
        using MemoryStream bytes = new();
        long read = 0;
        Append(array);
        return read == count ? bytes.ToArray() : throw new JsonException($"{read} values for {count} elements");

        void Append(JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.Array)
            {
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Append(item);
                }

                return;
            }

            read++;
            AppendValue(bytes, datatype, value);
        }
    }

    private static void AppendValue(MemoryStream bytes, string datatype, JsonElement value)
    {
        Span<byte> scratch = stackalloc byte[8];
        switch (datatype)
        {
            case "BYTES":
                byte[] text = Encoding.UTF8.GetBytes(value.GetString() ?? "");
                BinaryPrimitives.WriteInt32LittleEndian(scratch, text.Length);
                bytes.Write(scratch[..4]);
                bytes.Write(text);
                return;
            case "BOOL":
                bytes.WriteByte(value.GetBoolean() ? (byte)1 : (byte)0);
                return;
            case "UINT64":
                BinaryPrimitives.WriteUInt64LittleEndian(scratch, value.GetUInt64());
                break;
            case "FP32":
                BinaryPrimitives.WriteSingleLittleEndian(scratch, (float)value.GetDouble());
                break;
            case "FP64":
                BinaryPrimitives.WriteDoubleLittleEndian(scratch, value.GetDouble());
                break;
            default:
                // Little-endian: the low bytes of a 64-bit integer are the narrower one.
                BinaryPrimitives.WriteInt64LittleEndian(scratch, value.GetInt64());
                break;
        }

        bytes.Write(scratch[..SizeOf(datatype)]);
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, object value)
    {
        switch (value)
        {
            case bool truth: writer.WriteBooleanValue(truth); break;
            case ulong number: writer.WriteNumberValue(number); break;
            case float number when float.IsFinite(number): writer.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): writer.WriteNumberValue(number); break;
            case float or double: throw new NotSupportedException($"input '{name}' holds a number that is not finite: JSON has no form for it; send it as binary");
            default: writer.WriteNumberValue(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)); break;
        }
    }

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> data, long index)
    {
        for (; index > 0; index--)
        {
            data = data[(4 + BinaryPrimitives.ReadInt32LittleEndian(data))..];
        }

        return data.Slice(4, BinaryPrimitives.ReadInt32LittleEndian(data));
    }
}
