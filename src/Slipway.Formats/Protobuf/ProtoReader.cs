using System.Buffers.Binary;
using System.Text;
using Slipway.Core;

namespace Slipway.Formats.Protobuf;

/// <summary>
/// Reads protobuf wire format from a stream, forward only and without keeping what the caller does not ask for: large fields are passed over in
/// a buffer of fixed size. Every length is checked against the message around it before anything is allocated. Not thread-safe.
/// </summary>
/// <remarks>Layout: https://protobuf.dev/programming-guides/encoding/.</remarks>
public sealed class ProtoReader
{
    private const int BufferSize = 64 * 1024;

    private readonly Stream _source;
    private readonly ProtoLimits _limits;
    private readonly byte[] _buffer;
    private int _bufferStart;
    private int _bufferEnd;
    private long _bufferPosition;
    private long _end;
    private int _depth;
    private int _items;
    private long _textBytes;

    /// <summary>Reads a message of <paramref name="length"/> bytes that begins where <paramref name="source"/> stands. The stream stays the caller's.</summary>
    public ProtoReader(Stream source, long length, ProtoLimits? limits = null)
    {
        _source = source;
        _buffer = new byte[Math.Clamp(length, 1, BufferSize)];
        _end = length;
        _limits = limits ?? ProtoLimits.Default;
    }

    /// <summary>Bytes read so far.</summary>
    public long Position => _bufferPosition + _bufferStart;

    /// <summary>Bytes left in the message that is being read.</summary>
    public long Remaining => _end - Position;

    /// <summary>Reads the next field's number and layout; false at the end of the message.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>, as for everything here, when the bytes are not protobuf or a limit is passed.</exception>
    public bool TryReadTag(out int field, out WireType wire)
    {
        if (Position >= _end)
        {
            (field, wire) = (0, default);
            return false;
        }

        ulong tag = ReadVarint();
        wire = (WireType)(tag & 7);
        field = tag >> 3 is > 0 and < (1UL << 29) and var number ? (int)number : throw Malformed("a field number out of range");
        return wire is WireType.Varint or WireType.Fixed64 or WireType.Length or WireType.Fixed32
            ? true
            : throw Malformed($"field {field} of unknown layout {(int)wire}");
    }

    /// <summary>Reads a base-128 number.</summary>
    public ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Malformed("a number of more than ten bytes");
    }

    /// <summary>Reads an <c>int64</c>.</summary>
    public long ReadInt64() => (long)ReadVarint();

    /// <summary>Reads an <c>int32</c> or enum; higher bits are dropped, as protobuf says.</summary>
    public int ReadInt32() => (int)ReadVarint();

    /// <summary>Reads four bytes, little-endian.</summary>
    public uint ReadFixed32()
    {
        Require(4);
        Span<byte> bytes = stackalloc byte[4];
        ReadExactly(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    /// <summary>Reads eight bytes, little-endian.</summary>
    public ulong ReadFixed64()
    {
        Require(8);
        Span<byte> bytes = stackalloc byte[8];
        ReadExactly(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Reads a <c>float</c>.</summary>
    public float ReadFloat() => BitConverter.UInt32BitsToSingle(ReadFixed32());

    /// <summary>Reads a <c>double</c>.</summary>
    public double ReadDouble() => BitConverter.UInt64BitsToDouble(ReadFixed64());

    /// <summary>Reads text; bytes that are not UTF-8 become replacement characters.</summary>
    public string ReadString() => Encoding.UTF8.GetString(ReadBytes());

    /// <summary>Reads a byte string into memory.</summary>
    public byte[] ReadBytes() => ReadContent(ReadLength());

    /// <summary>Reads a byte string of at most <paramref name="most"/> bytes; a longer one is passed over and null returned.</summary>
    public byte[]? TryReadBytes(int most)
    {
        long length = ReadLength();
        if (length <= most)
        {
            return ReadContent(length);
        }

        SkipExactly(length);
        return null;
    }
    /// <summary>Passes over a byte string and says where it lies.</summary>
    public ByteRange SkipBytes()
    {
        long length = ReadLength();
        ByteRange range = new(Position, length);
        SkipExactly(length);
        return range;
    }

    /// <summary>Passes over a packed list of base-128 numbers; says where it lies and how many there are.</summary>
    public ByteRange SkipPackedVarints(out long count)
    {
        long length = ReadLength();
        ByteRange range = new(Position, length);
        count = 0;
        bool open = false;
        for (long left = length; left > 0;)
        {
            ReadOnlySpan<byte> chunk = Peek(left);
            foreach (byte value in chunk)
            {
                open = value >= 0x80;
                count += open ? 0 : 1;
            }

            _bufferStart += chunk.Length;
            left -= chunk.Length;
        }

        return open ? throw Malformed("a packed list that ends inside a number") : range;
    }

    /// <summary>Passes over the field whose tag was just read.</summary>
    public void Skip(WireType wire)
    {
        switch (wire)
        {
            case WireType.Varint:
                ReadVarint();
                break;
            case WireType.Fixed64:
                Require(8);
                SkipExactly(8);
                break;
            case WireType.Fixed32:
                Require(4);
                SkipExactly(4);
                break;
            default:
                SkipBytes();
                break;
        }
    }

    /// <summary>Goes into the message whose tag was just read. Give the result to <see cref="Leave"/>.</summary>
    /// <returns>The end of the message around it.</returns>
    public long Enter()
    {
        long length = ReadLength();
        CountItem();
        if (++_depth > _limits.MaxDepth)
        {
            throw Malformed($"messages nested more than {_limits.MaxDepth} deep");
        }

        long outer = _end;
        _end = Position + length;
        return outer;
    }

    /// <summary>Comes back out of a message that has been read to its end.</summary>
    public void Leave(long outer)
    {
        _depth--;
        _end = outer;
    }

    /// <summary>Counts something that the caller keeps against <see cref="ProtoLimits.MaxItems"/>.</summary>
    public void CountItem()
    {
        if (++_items > _limits.MaxItems)
        {
            throw Malformed($"more than {_limits.MaxItems} parts");
        }
    }

    /// <summary>The error for bytes that make no sense at the present position.</summary>
    public SlipwayException Malformed(string what) => new(ErrorCode.InvalidModel, $"damaged or hostile file: {what} at byte {Position}");

    private byte[] ReadContent(long length)
    {
        CountItem();
        _textBytes += length;
        if (_textBytes > _limits.MaxTextBytes)
        {
            throw Malformed($"more than {_limits.MaxTextBytes} bytes of text");
        }

        byte[] bytes = new byte[length];
        ReadExactly(bytes);
        return bytes;
    }

    private long ReadLength()
    {
        ulong length = ReadVarint();
        if (length > (ulong)Math.Max(0, Remaining))
        {
            throw Malformed($"a part of {length} bytes where {Math.Max(0, Remaining)} are left: the file is cut off or damaged");
        }

        return (long)length;
    }

    private void Require(int bytes)
    {
        if (Remaining < bytes)
        {
            throw Malformed("a number that is cut off");
        }
    }

    private byte ReadByte()
    {
        if (Position >= _end)
        {
            throw Malformed("a number that is cut off");
        }

        byte value = Peek(1)[0];
        _bufferStart++;
        return value;
    }

    private void ReadExactly(Span<byte> target)
    {
        while (!target.IsEmpty)
        {
            ReadOnlySpan<byte> chunk = Peek(target.Length);
            chunk.CopyTo(target);
            target = target[chunk.Length..];
            _bufferStart += chunk.Length;
        }
    }

    private void SkipExactly(long count)
    {
        // Weights are not even read where the source can do without.
        long behindBuffer = count - (_bufferEnd - _bufferStart);
        if (behindBuffer > BufferSize && _source.CanSeek)
        {
            _bufferPosition += _bufferEnd + behindBuffer;
            _source.Seek(behindBuffer, SeekOrigin.Current);
            _bufferStart = _bufferEnd = 0;
            return;
        }

        while (count > 0)
        {
            int chunk = Peek(count).Length;
            _bufferStart += chunk;
            count -= chunk;
        }
    }

    // At least one and at most `wanted` of the bytes that follow.
    private ReadOnlySpan<byte> Peek(long wanted)
    {
        if (_bufferStart == _bufferEnd)
        {
            _bufferPosition += _bufferEnd;
            _bufferStart = 0;
            _bufferEnd = _source.Read(_buffer);
            if (_bufferEnd == 0)
            {
                throw Malformed("the file ends early");
            }
        }

        return _buffer.AsSpan(_bufferStart, (int)Math.Min(wanted, _bufferEnd - _bufferStart));
    }
}
