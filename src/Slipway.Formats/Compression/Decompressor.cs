using System.Buffers;
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
    private const long LargestRatio = 64;

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
    /// <see cref="ErrorCode.InvalidModel"/> when the stream is damaged or unpacks to more than the bound; <see cref="ErrorCode.NotSupported"/> for a compression that is only recognised.
    /// </exception>
    public static ReadOnlyMemory<byte> Decompress(ReadOnlyMemory<byte> packed, long? maxBytes = null)
    {
        CompressionKind kind = Detect(packed.Span);
        long bound = Math.Min(maxBytes ?? Math.Max(SmallestBound, packed.Length * LargestRatio), Array.MaxLength);
        return kind switch
        {
            CompressionKind.None => packed,
            CompressionKind.Zlib => Unpack(packed, bound, static stream => new ZLibStream(stream, CompressionMode.Decompress)),
            CompressionKind.Gzip => Unpack(packed, bound, static stream => new GZipStream(stream, CompressionMode.Decompress)),
            _ => throw new SlipwayException(
                ErrorCode.NotSupported,
                $"the file is compressed with {Name(kind)}, which is not supported: write it uncompressed, or with zlib or gzip"),
        };
    }

    private static string Name(CompressionKind kind) => kind.ToString().ToLowerInvariant();

    private static ReadOnlyMemory<byte> Unpack(ReadOnlyMemory<byte> packed, long bound, Func<Stream, Stream> open)
    {
        using MemoryStream source = MemoryMarshal.TryGetArray(packed, out ArraySegment<byte> segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(packed.ToArray(), writable: false);
        using Stream unpacking = open(source);
        ArrayBufferWriter<byte> result = new(Math.Clamp(packed.Length * 2, 4096, 1 << 24));
        try
        {
            while (unpacking.Read(result.GetSpan(1 << 16)) is > 0 and var read)
            {
                result.Advance(read);
                if (result.WrittenCount > bound)
                {
                    throw new SlipwayException(ErrorCode.InvalidModel, $"the file unpacks to more than {bound >> 20} MiB ({packed.Length} bytes packed)");
                }
            }
        }
        catch (InvalidDataException)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, "the compressed file is damaged");
        }

        return result.WrittenMemory;
    }
}
