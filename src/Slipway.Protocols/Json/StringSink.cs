using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using Slipway.Core;

namespace Slipway.Protocols.Json;

/// <summary>
/// Byte strings: the UTF-8 of JSON strings or, where the protocol has them, objects of the form <c>{"b64": "…"}</c>.
/// </summary>
internal sealed class StringSink : TensorJsonSink
{
    private readonly long _most;
    private TensorBuffer? _buffer;
    private int _used;

    public StringSink(string name, long capacity, bool fixedSize)
        : base(name, TensorDataType.String)
    {
        _most = fixedSize ? capacity : long.MaxValue;
        _buffer = TensorBufferPool.Shared.Rent(Math.Clamp(capacity * 16, 256, 1 << 20));
    }

    /// <summary>Whether an element may be written in base64.</summary>
    public bool AllowsBase64 { get; init; }

    public override void ReadScalar(ref JsonCursor cursor)
    {
        byte next = cursor.Peek();
        if (next == '"')
        {
            ReadOnlySpan<byte> raw = cursor.ReadRawString(out bool escaped);
            Span<byte> room = Reserve(raw.Length, cursor);
            if (escaped)
            {
                Commit(JsonText.Unescape(raw, room, cursor.Position - raw.Length - 1));
            }
            else
            {
                raw.CopyTo(room);
                Commit(raw.Length);
            }
        }
        else if (next == '{' && AllowsBase64)
        {
            ReadBase64(ref cursor);
        }
        else
        {
            throw Wrong(cursor, "a string");
        }
    }

    public override long ReadLeaves(ref JsonCursor cursor)
    {
        long before = Count;
        bool first = true;
        while (cursor.NextElement(ref first))
        {
            ReadScalar(ref cursor);
        }

        return Count - before;
    }

    public override Tensor ToTensor(TensorShape shape)
    {
        TensorBuffer buffer = _buffer!;
        _buffer = null;
        return new Tensor(Name, DataType, shape, buffer.Memory[.._used], buffer);
    }

    public override void Dispose()
    {
        _buffer?.Dispose();
        _buffer = null;
    }

    private void ReadBase64(ref JsonCursor cursor)
    {
        int start = cursor.Position;
        cursor.Take((byte)'{', "'{'");
        bool first = true;
        if (!cursor.NextProperty(ref first, out ReadOnlySpan<byte> key) || !key.SequenceEqual("b64"u8))
        {
            cursor.Position = start;
            throw Wrong(cursor, "a string or an object with the one key b64");
        }

        ReadOnlySpan<byte> text = cursor.ReadString();
        Span<byte> room = Reserve(text.Length, cursor);
        if (Base64.DecodeFromUtf8(text, room, out _, out int written) != OperationStatus.Done)
        {
            cursor.Position = start;
            throw Wrong(cursor, "valid base64");
        }

        Commit(written);
        if (cursor.NextProperty(ref first, out _))
        {
            cursor.Position = start;
            throw Wrong(cursor, "an object with the one key b64");
        }
    }

    private Span<byte> Reserve(int bytes, scoped in JsonCursor cursor)
    {
        if (Count >= _most)
        {
            throw TooMany(cursor);
        }

        int needed = checked(_used + sizeof(int) + bytes);
        if (needed > _buffer!.Memory.Length)
        {
            TensorBuffer larger = TensorBufferPool.Shared.Rent(Math.Max(needed, Math.Min(2L * _buffer.Memory.Length, Array.MaxLength / 2)));
            _buffer.Span[.._used].CopyTo(larger.Span);
            _buffer.Dispose();
            _buffer = larger;
        }

        return _buffer.Span[(_used + sizeof(int))..];
    }

    private void Commit(int bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer!.Span[_used..], bytes);
        _used += sizeof(int) + bytes;
        Count++;
    }
}
