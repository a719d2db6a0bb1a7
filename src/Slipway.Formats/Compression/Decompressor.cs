using System.IO.Compression;
using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Formats.Compression;

/// <summary>Unpacks a file that is compressed as a whole, within a bound on what comes out.</summary>
internal static class Decompressor
{
    /// <summary>What may come out of a small file: enough for any model whose packed form is a few megabytes.</summary>
    private const long SmallestBound = 128L << 20;

    /// <summary>Beyond <see cref="SmallestBound"/>: times the packed size. Trained models pack less than twentyfold.</summary>
    private const long LargestRatio = 24;

    private delegate void Decoder(ReadOnlySpan<byte> packed, UnpackedBuffer output);

    /// <summary>Tells the compression by the first bytes.</summary>
    public static CompressionKind Detect(ReadOnlySpan<byte> head) => head switch
    {
        [0x78, 0x01 or 0x5e or 0x9c or 0xda, ..] => CompressionKind.Zlib,
        [0x1f, 0x8b, ..] => CompressionKind.Gzip,
        [0x42, 0x5a, 0x68, ..] => CompressionKind.Bzip2,
        [0xfd, 0x37, 0x7a, 0x58, 0x5a, ..] => CompressionKind.Xz,
        [0x5d, 0x00, 0x00, ..] => CompressionKind.Lzma,
        [0x04, 0x22, 0x4d, 0x18, ..] => CompressionKind.Lz4,
        _ => CompressionKind.None,
    };

    /// <summary>The unpacked bytes; the input itself when it isn't compressed.</summary>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.InvalidModel"/> when the stream is damaged or unpacks to more than the bound; <see cref="ErrorCode.NotSupported"/> for a rare option of a compression.
    /// </exception>
    public static ReadOnlyMemory<byte> Decompress(ReadOnlyMemory<byte> packed, long? maxBytes = null)
    {
        CompressionKind kind = Detect(packed.Span);
        if (kind == CompressionKind.None)
        {
            return packed;
        }

        long bound = Math.Min(maxBytes ?? Math.Max(SmallestBound, packed.Length * LargestRatio), Array.MaxLength);
        UnpackedBuffer output = new(bound, packed.Length);
        switch (kind)
        {
            case CompressionKind.Zlib:
                output = Inflate(packed, bound, static stream => new ZLibStream(stream, CompressionMode.Decompress));
                break;
            case CompressionKind.Gzip:
                output = Inflate(packed, bound, static stream => new GZipStream(stream, CompressionMode.Decompress));
                break;
            default:
                Decoder decode = kind switch
                {
                    CompressionKind.Bzip2 => Bzip2Decoder.Decode,
                    CompressionKind.Xz => XzDecoder.Decode,
                    CompressionKind.Lzma => LzmaAloneDecoder.Decode,
                    _ => Lz4Decoder.Decode,
                };
                decode(packed.Span, output);
                break;
        }

        return output.Written;
    }

    // Unpacked twice: once to see how much it is, so that a bomb costs time and no memory, and a model exactly the memory that it needs.
    private static UnpackedBuffer Inflate(ReadOnlyMemory<byte> packed, long bound, Func<Stream, Stream> open)
    {
        long length = Unpack(packed, open, target: null, bound);
        UnpackedBuffer output = new(bound, packed.Length, (int)Math.Min(length, bound));
        Unpack(packed, open, output, bound);
        return output;
    }

    private static long Unpack(ReadOnlyMemory<byte> packed, Func<Stream, Stream> open, UnpackedBuffer? target, long bound)
    {
        using MemoryStream source = MemoryMarshal.TryGetArray(packed, out ArraySegment<byte> segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(packed.ToArray(), writable: false);
        using Stream unpacking = open(source);
        byte[] part = new byte[1 << 16];
        long length = 0;
        try
        {
            while (unpacking.Read(part) is > 0 and var read)
            {
                length += read;
                if (length > bound)
                {
                    throw UnpackedBuffer.TooLarge(bound, packed.Length);
                }

                target?.Append(part.AsSpan(0, read));
            }
        }
        catch (InvalidDataException)
        {
            throw PackedReader.Damaged("its stream can't be unpacked");
        }

        return length;
    }
}
