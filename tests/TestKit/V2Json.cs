using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.TestKit;

/// <summary>Tensors written as Open Inference JSON (name, datatype, shape, data; NaN and infinities as strings).</summary>
public static class V2Json
{
    /// <summary>Reads a list of tensors.</summary>
    public static Tensor[] ReadTensors(JsonElement list) => [.. list.EnumerateArray().Select(Read)];

    /// <summary>Reads one tensor.</summary>
    public static Tensor Read(JsonElement tensor)
    {
        Assert(TensorDataTypes.TryParse(tensor.GetProperty("datatype").GetString(), out TensorDataType type));
        TensorShape shape = new([.. tensor.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64())]);
        List<JsonElement> values = [];
        Flatten(tensor.GetProperty("data"), values);
        return new Tensor(tensor.GetProperty("name").GetString()!, type, shape, Encode(type, values));
    }

    /// <summary>Encodes JSON values as a tensor's bytes.</summary>
    public static byte[] Encode(TensorDataType type, IReadOnlyList<JsonElement> values)
    {
        if (type == TensorDataType.String)
        {
            return OnnxTensorReader.Pack([.. values.Select(value => value.GetString()!)]);
        }

        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream, Encoding.UTF8);
        foreach (JsonElement value in values)
        {
            switch (type)
            {
                case TensorDataType.Bool: writer.Write(value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.Number && value.GetInt32() != 0)); break;
                case TensorDataType.UInt8: writer.Write(value.GetByte()); break;
                case TensorDataType.UInt16: writer.Write(value.GetUInt16()); break;
                case TensorDataType.UInt32: writer.Write(value.GetUInt32()); break;
                case TensorDataType.UInt64: writer.Write(value.GetUInt64()); break;
                case TensorDataType.Int8: writer.Write(value.GetSByte()); break;
                case TensorDataType.Int16: writer.Write(value.GetInt16()); break;
                case TensorDataType.Int32: writer.Write(value.GetInt32()); break;
                case TensorDataType.Int64: writer.Write(value.GetInt64()); break;
                case TensorDataType.Float16: writer.Write((Half)Number(value)); break;
                case TensorDataType.Float32: writer.Write((float)Number(value)); break;
                case TensorDataType.Float64: writer.Write(Number(value)); break;
                case TensorDataType.BFloat16: writer.Write((ushort)(BitConverter.SingleToUInt32Bits((float)Number(value)) >> 16)); break;
                default: throw new NotSupportedException(type.ToName());
            }
        }

        return stream.ToArray();
    }

    private static double Number(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture)
        : value.GetDouble();

    private static void Flatten(JsonElement data, List<JsonElement> values)
    {
        if (data.ValueKind != JsonValueKind.Array)
        {
            values.Add(data);
            return;
        }

        foreach (JsonElement item in data.EnumerateArray())
        {
            Flatten(item, values);
        }
    }

    private static void Assert(bool condition)
    {
        if (!condition)
        {
            throw new InvalidDataException("unknown datatype");
        }
    }
}
