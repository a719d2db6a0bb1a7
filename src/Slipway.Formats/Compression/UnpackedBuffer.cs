using Slipway.Core;

namespace Slipway.Formats.Compression;

/// <summary>
/// What comes out of a decoder: bytes that grow up to a bound and serve as the decoder's own dictionary, because all of them are kept anyway.
/// </summary>
/// <param name="bound">Most bytes, at most <see cref="Array.MaxLength"/>.</param>
/// <param name="packedLength">Size of what is unpacked, for errors and the first guess.</param>
/// <param name="length">Bytes that will come out, where that is known; null: a guess is made, and the buffer grows.</param>
internal sealed class UnpackedBuffer(long bound, int packedLength, int? length = null)
{
    private byte[] _bytes = new byte[length ?? (int)Math.Min(bound, Math.Clamp(packedLength * 4L, 4096, 1 << 22))];

    /// <summary>Bytes so far.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes so far.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Adds a byte.</summary>
    public void Append(byte value)
    {
        Reserve(1);
        _bytes[Length++] = value;
    }

    /// <summary>Adds bytes.</summary>
    public void Append(ReadOnlySpan<byte> values)
    {
        Reserve(values.Length);
        values.CopyTo(_bytes.AsSpan(Length));
        Length += values.Length;
    }

    /// <summary>Adds the same byte several times.</summary>
    public void Append(byte value, int count)
    {
        Reserve(count);
        _bytes.AsSpan(Length, count).Fill(value);
        Length += count;
    }

    /// <summary>The byte <paramref name="distance"/> back; 1 is the last.</summary>
    public byte Back(int distance) => _bytes[Length - distance];

    /// <summary>Adds bytes from <paramref name="distance"/> back (1 or more, within what is there); a distance shorter than the count repeats.</summary>
    public void Repeat(int distance, int count)
    {
        Reserve(count);
        if (distance >= count)
        {
            _bytes.AsSpan(Length - distance, count).CopyTo(_bytes.AsSpan(Length));
        }
        else
        {
            for (int i = 0; i < count; i++)
            {
                _bytes[Length + i] = _bytes[Length + i - distance];
            }
        }

        Length += count;
    }

    /// <summary>What is said when more comes out than may.</summary>
    public static SlipwayException TooLarge(long bound, int packedLength) =>
        new(ErrorCode.InvalidModel, $"the file unpacks to more than {bound >> 20} MiB ({packedLength} bytes packed)");

    private void Reserve(int count)
    {
        long needed = (long)Length + count;
        if (needed <= _bytes.Length)
        {
            return;
        }

        if (needed > bound)
        {
            throw TooLarge(bound, packedLength);
        }

        Array.Resize(ref _bytes, (int)Math.Min(bound, Math.Max(needed, _bytes.Length * 2L)));
    }
}
