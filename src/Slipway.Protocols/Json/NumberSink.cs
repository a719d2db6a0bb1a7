using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Protocols.Json;

/// <summary>Elements of a fixed size.</summary>
internal sealed class NumberSink<T, TCodec> : TensorJsonSink
    where T : unmanaged
    where TCodec : struct, IElementCodec<T>
{
    private readonly bool _fixedSize;
    private TensorBuffer? _buffer;
    private int _capacity;

    public NumberSink(string name, TensorDataType dataType, long capacity, bool fixedSize)
        : base(name, dataType)
    {
        _buffer = TensorBufferPool.Shared.Rent(checked(capacity * Unsafe.SizeOf<T>()));
        _capacity = (int)capacity;
        _fixedSize = fixedSize;
    }

    public override void ReadScalar(ref JsonCursor cursor)
    {
        cursor.Peek();
        int position = cursor.Position;
        if (!TCodec.TryRead(cursor.Text, ref position, out T value))
        {
            throw Wrong(cursor, TCodec.Expected);
        }

        Span<T> elements = Room(cursor);
        elements[(int)Count++] = value;
        cursor.Position = position;
    }

    public override long ReadLeaves(ref JsonCursor cursor)
    {
        if (cursor.TryTake((byte)']'))
        {
            return 0;
        }

        ReadOnlySpan<byte> text = cursor.Text;
        int first = (int)Count;
        int count = first;
        int at = cursor.Position;
        Span<T> elements = Elements();
        while (true)
        {
            if ((uint)at < (uint)text.Length && text[at] <= ' ')
            {
                at = BehindSpace(ref cursor, at);
            }

            int run = TCodec.ReadRun(text, ref at, elements[count..], out bool isEnded);
            count += run;
            if (!isEnded)
            {
                if (run > 0)
                {
                    continue;
                }

                if ((uint)count >= (uint)elements.Length)
                {
                    Count = count;
                    cursor.Position = at;
                    elements = Room(cursor);
                }

                if (!TCodec.TryRead(text, ref at, out elements[count]))
                {
                    cursor.Position = at;
                    throw Wrong(cursor, TCodec.Expected);
                }

                count++;
                if ((uint)at < (uint)text.Length && text[at] == ',')
                {
                    at++;
                    continue;
                }
            }

            at = BehindSpace(ref cursor, at);
            if ((uint)at >= (uint)text.Length || text[at] is not ((byte)',' or (byte)']'))
            {
                throw Broken(cursor);
            }

            if (text[at++] == ']')
            {
                cursor.Position = at;
                Count = count;
                return count - first;
            }
        }
    }

    public override Tensor ToTensor(TensorShape shape)
    {
        TensorBuffer buffer = _buffer!;
        _buffer = null;
        return new Tensor(Name, DataType, shape, buffer.Memory[..((int)Count * Unsafe.SizeOf<T>())], buffer);
    }

    public override void Dispose()
    {
        _buffer?.Dispose();
        _buffer = null;
    }

    private Span<T> Elements() => MemoryMarshal.Cast<byte, T>(_buffer!.Span);

    /// <summary>The elements with room for one more.</summary>
    private Span<T> Room(scoped in JsonCursor cursor)
    {
        if (Count < _capacity)
        {
            return Elements();
        }

        if (_fixedSize)
        {
            throw TooMany(cursor);
        }

        int capacity = Math.Max(16, checked(_capacity * 2));
        TensorBuffer larger = TensorBufferPool.Shared.Rent((long)capacity * Unsafe.SizeOf<T>());
        _buffer!.Span.CopyTo(larger.Span);
        _buffer.Dispose();
        _buffer = larger;
        _capacity = capacity;
        return Elements();
    }

    private static int BehindSpace(ref JsonCursor cursor, int at)
    {
        cursor.Position = at;
        cursor.Peek();
        return cursor.Position;
    }
}
