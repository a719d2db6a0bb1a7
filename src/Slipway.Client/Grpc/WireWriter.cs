using System.Buffers;
using System.Text;

namespace Slipway.Client.Grpc;

/// <summary>Writes the few protobuf forms that the client needs.</summary>
internal sealed class WireWriter
{
    private const int LengthDelimited = 2;

    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>What was written so far.</summary>
    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>A string field; left out when it is empty, as proto3 does.</summary>
    public void String(int field, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Bytes(field, Encoding.UTF8.GetBytes(value));
        }
    }

    /// <summary>A bytes field or an embedded message; written even when it is empty.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint((ulong)(field << 3 | LengthDelimited));
        Varint((ulong)value.Length);
        _buffer.Write(value);
    }

    /// <summary>A packed list of 64-bit integers.</summary>
    public void Packed(int field, IReadOnlyList<long> values)
    {
        if (values.Count > 0)
        {
            WireWriter list = new();
            foreach (long value in values)
            {
                list.Varint(unchecked((ulong)value));
            }

            Bytes(field, list.Written);
        }
    }

    private void Varint(ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        int length = 0;
        while (value >= 0x80)
        {
            bytes[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        bytes[length++] = (byte)value;
        _buffer.Write(bytes[..length]);
    }
}
