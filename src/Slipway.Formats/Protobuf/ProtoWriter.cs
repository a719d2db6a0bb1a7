using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Slipway.Formats.Protobuf;

/// <summary>
/// Writes protobuf wire format into memory. Nothing is left out for being zero or empty: the caller writes what is to be present (proto2). Not
/// thread-safe.
/// </summary>
public sealed class ProtoWriter
{
    private readonly ArrayBufferWriter<byte> _output = new();

    /// <summary>What has been written.</summary>
    public ReadOnlyMemory<byte> Written => _output.WrittenMemory;

    /// <summary>Writes an integer or enum; negative ones take ten bytes, as protobuf has it.</summary>
    public void Int64(int field, long value)
    {
        Tag(field, WireType.Varint);
        Varint((ulong)value);
    }

    /// <summary>Writes a <c>float</c>.</summary>
    public void Float(int field, float value)
    {
        Tag(field, WireType.Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(_output.GetSpan(4), value);
        _output.Advance(4);
    }

    /// <summary>Writes a <c>double</c>.</summary>
    public void Double(int field, double value)
    {
        Tag(field, WireType.Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(_output.GetSpan(8), value);
        _output.Advance(8);
    }

    /// <summary>Writes bytes.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, WireType.Length);
        Varint((ulong)value.Length);
        _output.Write(value);
    }

    /// <summary>Writes text as UTF-8.</summary>
    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Writes a message that <paramref name="fill"/> fills.</summary>
    public void Message(int field, Action<ProtoWriter> fill)
    {
        ProtoWriter inner = new();
        fill(inner);
        Bytes(field, inner.Written.Span);
    }

    /// <summary>Writes a packed list of integers.</summary>
    public void PackedInt64(int field, ReadOnlySpan<long> values)
    {
        int length = 0;
        foreach (long value in values)
        {
            length += VarintLength((ulong)value);
        }

        Tag(field, WireType.Length);
        Varint((ulong)length);
        foreach (long value in values)
        {
            Varint((ulong)value);
        }
    }

    /// <summary>Writes a packed list of floats.</summary>
    public void PackedFloat(int field, ReadOnlySpan<float> values)
    {
        Tag(field, WireType.Length);
        Varint((ulong)values.Length * 4);
        foreach (float value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(_output.GetSpan(4), value);
            _output.Advance(4);
        }
    }

    private static int VarintLength(ulong value) => ((63 - BitOperations.LeadingZeroCount(value | 1)) / 7) + 1;

    private void Tag(int field, WireType wire) => Varint(((ulong)field << 3) | (uint)wire);

    private void Varint(ulong value)
    {
        Span<byte> span = _output.GetSpan(10);
        int count = 0;
        for (; value >= 0x80; value >>= 7)
        {
            span[count++] = (byte)(value | 0x80);
        }

        span[count++] = (byte)value;
        _output.Advance(count);
    }
}
