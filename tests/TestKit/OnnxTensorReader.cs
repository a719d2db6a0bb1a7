using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core;

namespace Slipway.TestKit;

/// <summary>Reads ONNX TensorProto files into tensors. Field numbers are those of onnx.proto.</summary>
public static class OnnxTensorReader
{
    /// <summary>Reads one tensor and calls it <paramref name="name"/>.</summary>
    public static Tensor Read(string name, ReadOnlyMemory<byte> proto)
    {
        List<long> dimensions = [];
        int type = 0;
        ReadOnlyMemory<byte>? raw = null;
        List<ulong> numbers = [];
        List<byte> floats = [];
        List<ReadOnlyMemory<byte>> strings = [];
        foreach (ProtoFields.ProtoField field in ProtoFields.Of(proto))
        {
            switch (field.Number)
            {
                case 1 when field.Bytes.IsEmpty:
                    dimensions.Add((long)field.Value);
                    break;
                case 1:
                    dimensions.AddRange(ProtoFields.Packed(field.Bytes).Select(value => (long)value));
                    break;
                case 2:
                    type = (int)field.Value;
                    break;
                case 4 or 10:
                    floats.AddRange(field.Bytes.Span);
                    break;
                case 5 or 7 or 11:
                    numbers.AddRange(field.Bytes.IsEmpty ? [field.Value] : ProtoFields.Packed(field.Bytes));
                    break;
                case 6:
                    strings.Add(field.Bytes);
                    break;
                case 9:
                    raw = field.Bytes;
                    break;
            }
        }

        TensorDataType dataType = TypeOf(type);
        byte[] data = dataType == TensorDataType.String ? Pack(strings)
            : raw?.ToArray() ?? (floats.Count > 0 ? [.. floats] : Narrow(dataType, numbers));
        return new Tensor(name, dataType, new TensorShape([.. dimensions]), data);
    }

    /// <summary>Packs strings as tensors hold them.</summary>
    public static byte[] Pack(IEnumerable<ReadOnlyMemory<byte>> strings)
    {
        List<byte> packed = [];
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (ReadOnlyMemory<byte> text in strings)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
            packed.AddRange(length);
            packed.AddRange(text.Span);
        }

        return [.. packed];
    }

    /// <summary>Packs texts as UTF-8.</summary>
    public static byte[] Pack(params string[] texts) => Pack(texts.Select(text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text)));

    /// <summary>The type of a TensorProto.DataType.</summary>
    public static TensorDataType TypeOf(int onnx) => onnx switch
    {
        1 => TensorDataType.Float32,
        2 => TensorDataType.UInt8,
        3 => TensorDataType.Int8,
        4 => TensorDataType.UInt16,
        5 => TensorDataType.Int16,
        6 => TensorDataType.Int32,
        7 => TensorDataType.Int64,
        8 => TensorDataType.String,
        9 => TensorDataType.Bool,
        10 => TensorDataType.Float16,
        11 => TensorDataType.Float64,
        12 => TensorDataType.UInt32,
        13 => TensorDataType.UInt64,
        16 => TensorDataType.BFloat16,
        21 => TensorDataType.UInt4,
        22 => TensorDataType.Int4,
        _ => throw new NotSupportedException($"TensorProto data type {onnx}"),
    };

    private static byte[] Narrow(TensorDataType type, List<ulong> numbers)
    {
        int size = Math.Max(1, type.ElementSize());
        byte[] bytes = new byte[numbers.Count * size];
        for (int i = 0; i < numbers.Count; i++)
        {
            ulong number = numbers[i];
            MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in number))[..size].CopyTo(bytes.AsSpan(i * size));
        }

        return bytes;
    }
}
