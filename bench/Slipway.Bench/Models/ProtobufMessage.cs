using System.Buffers;
using System.Text;

namespace Slipway.Bench.Models;

/// <summary>A protobuf message under construction.</summary>
internal sealed class ProtobufMessage
{
    private const int VarintType = 0;
    private const int BytesType = 2;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ProtobufMessage Add(int field, long value)
    {
        Varint((field << 3) | VarintType);
        Varint(value);
        return this;
    }

    public ProtobufMessage Add(int field, string value) => Add(field, Encoding.UTF8.GetBytes(value));

    public ProtobufMessage Add(int field, ProtobufMessage value) => Add(field, value.ToArray());

    public ProtobufMessage Add(int field, byte[] value)
    {
        Varint((field << 3) | BytesType);
        Varint(value.Length);
        _bytes.Write(value);
        return this;
    }

    /// <summary>Appends a bare varint, as packed fields hold them.</summary>
    public void Varint(long value)
    {
        for (; value > 0x7f; value >>= 7)
        {
            _bytes.Write([(byte)(value | 0x80)]);
        }

        _bytes.Write([(byte)value]);
    }

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();
}
