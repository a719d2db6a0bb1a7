using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Formats.Protobuf;

namespace Slipway.TensorFlow.Graphs;

/// <summary>Reads TensorProto. A list of values that is shorter than the shape is continued with its last value, as the format says.</summary>
internal static class TensorReader
{
    /// <summary>Most bytes of a tensor that a file may spell with fewer values than it has.</summary>
    public const long MaxFilledBytes = 64L << 20;

    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when type, shape and values do not fit.</exception>
    public static TensorData Read(ReadOnlyMemory<byte> encoded)
    {
        EncodedMessage message = new(encoded);
        ProtoReader fields = message.Fields;
        TensorFlowType type = TensorFlowType.Invalid;
        PartialShape shape = PartialShape.Scalar;
        ReadOnlyMemory<byte>? content = null;
        List<byte[]> strings = [];
        List<ulong> words = [];
        while (fields.TryReadTag(out int field, out WireType wire))
        {
            switch (field)
            {
                case 1 when wire == WireType.Varint:
                    type = TensorFlowTypes.FromNumber(fields.ReadInt64());
                    break;
                case 2 when wire == WireType.Length:
                    shape = ShapeReader.Read(message);
                    break;
                case 4 when wire == WireType.Length:
                    content = message.Slice();
                    break;
                case 8 when wire == WireType.Length:
                    strings.Add(fields.ReadBytes());
                    break;
                case 5 or 6 or 7 or 10 or 11 or 13 or 16 or 17:
                    ReadValues(fields, field, wire, words);
                    break;
                default:
                    fields.Skip(wire);
                    break;
            }
        }

        return Make(type, shape, content, strings, words);
    }

    private static TensorData Make(TensorFlowType type, PartialShape shape, ReadOnlyMemory<byte>? content, List<byte[]> strings, List<ulong> words)
    {
        long count = shape.ElementCount();
        if (count < 0)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"a constant has the impossible shape {shape}");
        }

        if (type == TensorFlowType.String)
        {
            Bound(count * IntPtr.Size, strings.Count == count);
            byte[] last = strings.Count > 0 ? strings[^1] : [];
            return new TensorData(shape, [.. strings.Take((int)count), .. Enumerable.Repeat(last, (int)Math.Max(0, count - strings.Count))]);
        }

        int size = type.ByteLength();
        if (size == 0 || type is TensorFlowType.Complex64 or TensorFlowType.Complex128)
        {
            throw new SlipwayException(ErrorCode.NotSupported, $"a constant of {type.ToDisplayName()} is not converted");
        }

        if (content is { Length: > 0 } raw)
        {
            return new TensorData(type, shape, raw);
        }

        if (count > MaxFilledBytes)
        {
            Bound(long.MaxValue, false);
        }

        Bound(count * size, words.Count == count);
        byte[] bytes = new byte[count * size];
        for (long i = 0; i < count && words.Count > 0; i++)
        {
            ulong word = words[(int)Math.Min(i, words.Count - 1)];
            MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in word))[..size].CopyTo(bytes.AsSpan((int)(i * size)));
        }

        return new TensorData(type, shape, bytes);
    }

    private static void Bound(long bytes, bool isSpelled)
    {
        if (!isSpelled && bytes > MaxFilledBytes)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"a constant of more than {MaxFilledBytes >> 20} MiB is given by a few values: refused");
        }
    }

    // Floats and doubles are kept as their bit patterns, integers as two's complement: the low bytes are the element. Halves come as integers that hold the pattern.
    private static void ReadValues(ProtoReader fields, int field, WireType wire, List<ulong> words)
    {
        if (wire != WireType.Length)
        {
            fields.CountItem();
            words.Add(ReadOne(fields, wire));
            return;
        }

        WireType element = field switch { 5 => WireType.Fixed32, 6 => WireType.Fixed64, _ => WireType.Varint };
        long outer = fields.Enter();
        while (fields.Remaining > 0)
        {
            words.Add(ReadOne(fields, element));
        }

        fields.Leave(outer);
    }

    private static ulong ReadOne(ProtoReader fields, WireType wire) => wire switch
    {
        WireType.Fixed32 => fields.ReadFixed32(),
        WireType.Fixed64 => fields.ReadFixed64(),
        _ => fields.ReadVarint(),
    };
}
