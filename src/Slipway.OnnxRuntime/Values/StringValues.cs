using System.Buffers;
using System.Buffers.Binary;
using Slipway.Core;
using Slipway.OnnxRuntime.Native;

namespace Slipway.OnnxRuntime.Values;

/// <summary>Strings between the packed layout of <see cref="TensorDataType.String"/> and the engine. Bytes are kept as they are, UTF-8 or not.</summary>
internal static unsafe class StringValues
{
    /// <summary>Makes a value of <paramref name="count"/> strings.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.ShapeMismatch"/> when the packed bytes hold another number of strings.</exception>
    public static OrtValue* Create(OrtAllocator* allocator, string name, ReadOnlySpan<byte> packed, ReadOnlySpan<long> shape, long count)
    {
        OrtApi* api = OrtLibrary.Api;
        OrtValue* value;
        fixed (long* dimensions = shape)
        {
            OrtStatusCheck.Check(api->CreateTensorAsOrtValue(allocator, dimensions, (nuint)shape.Length, OnnxElementType.String, &value));
        }

        try
        {
            for (long i = 0; i < count; i++)
            {
                ReadOnlySpan<byte> text = Next(ref packed, name, count);
                byte* target;
                OrtStatusCheck.Check(api->GetResizedStringTensorElementBuffer(value, (nuint)i, (nuint)text.Length, &target));
                text.CopyTo(new Span<byte>(target, text.Length));
            }

            if (packed.Length != 0)
            {
                throw WrongCount(name, count);
            }

            return value;
        }
        catch
        {
            api->ReleaseValue(value);
            throw;
        }
    }

    /// <summary>Packs the strings of <paramref name="value"/> into a rented buffer.</summary>
    public static TensorBuffer Read(OrtValue* value, string name, long count)
    {
        OrtApi* api = OrtLibrary.Api;
        nuint bytes;
        OrtStatusCheck.Check(api->GetStringTensorDataLength(value, &bytes));
        long length = checked((long)bytes + (count * sizeof(int)));
        if (length > int.MaxValue - TensorBufferPool.Alignment)
        {
            throw new SlipwayException(ErrorCode.ModelFailed, $"output '{name}' is larger than 2 GiB");
        }

        TensorBuffer packed = TensorBufferPool.Shared.Rent(length);
        if (count == 0)
        {
            return packed;
        }

        nuint[] offsets = ArrayPool<nuint>.Shared.Rent(checked((int)count));
        try
        {
            // The characters go to the end of the buffer, from where they move forward between their lengths: they are never overtaken.
            Span<byte> target = packed.Span;
            Span<byte> texts = target[(target.Length - (int)bytes)..];
            byte nothing;
            fixed (byte* first = texts)
            fixed (nuint* starts = offsets)
            {
                OrtStatusCheck.Check(api->GetStringTensorContent(value, first is null ? &nothing : first, bytes, starts, (nuint)count));
            }

            int position = 0;
            for (int i = 0; i < count; i++)
            {
                int start = (int)offsets[i];
                int end = i + 1 < count ? (int)offsets[i + 1] : (int)bytes;
                ReadOnlySpan<byte> text = texts[start..end];
                text.CopyTo(target[(position + sizeof(int))..]);
                BinaryPrimitives.WriteInt32LittleEndian(target[position..], text.Length);
                position += sizeof(int) + text.Length;
            }

            return packed;
        }
        catch
        {
            packed.Dispose();
            throw;
        }
        finally
        {
            ArrayPool<nuint>.Shared.Return(offsets);
        }
    }

    /// <summary>Bytes that the first <paramref name="count"/> packed strings take; -1 when there are fewer.</summary>
    public static int Measure(ReadOnlySpan<byte> packed, long count)
    {
        int position = 0;
        for (long i = 0; i < count; i++)
        {
            if (packed.Length - position < sizeof(int))
            {
                return -1;
            }

            uint length = BinaryPrimitives.ReadUInt32LittleEndian(packed[position..]);
            if (length > (uint)(packed.Length - position - sizeof(int)))
            {
                return -1;
            }

            position += sizeof(int) + (int)length;
        }

        return position;
    }

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> packed, string name, long count)
    {
        if (packed.Length < sizeof(int))
        {
            throw WrongCount(name, count);
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(packed);
        if (length > (uint)(packed.Length - sizeof(int)))
        {
            throw WrongCount(name, count);
        }

        ReadOnlySpan<byte> text = packed.Slice(sizeof(int), (int)length);
        packed = packed[(sizeof(int) + (int)length)..];
        return text;
    }

    private static SlipwayException WrongCount(string name, long count) =>
        new(ErrorCode.ShapeMismatch, $"input '{name}' does not hold exactly the {count} strings of its shape");
}
