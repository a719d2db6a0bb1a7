using System.Buffers.Binary;
using System.IO.Compression;
using Slipway.Core;

namespace Slipway.Pipelines.Imaging;

/// <summary>
/// Decodes PNG (ISO/IEC 15948): every colour type and depth, interlaced or not. Transparency, gamma and colour profiles are left aside, as most training code does;
/// 16 bits are rounded to 8.
/// </summary>
internal static class PngReader
{
    private const int HeaderEnd = 33;
    private const int MaxSide = 1 << 24;

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Whether a file begins as PNG does.</summary>
    public static bool IsPng(ReadOnlySpan<byte> file) => file.StartsWith(Signature);

    /// <summary>Reads the head of a file.</summary>
    public static ImageHeader Measure(ReadOnlySpan<byte> file)
    {
        PngHeader header = ReadHeader(file);
        return new ImageHeader("PNG", header.Width, header.Height, header.Channels, ((long)header.Width * header.Height * header.Channels) + (2L * header.BytesPerRow(header.Width)) + (2L * file.Length));
    }

    /// <summary>Decodes a file whose size has been accepted.</summary>
    public static Pixels Decode(ReadOnlyMemory<byte> file, CancellationToken cancellationToken)
    {
        PngHeader header = ReadHeader(file.Span);
        byte[]? palette = null;
        using MemoryStream compressed = new();
        bool isEnded = false;
        for (int at = Signature.Length; !isEnded;)
        {
            ReadOnlySpan<byte> chunk = NextChunk(file.Span, ref at, out uint type);
            switch (type)
            {
                case 0x49484452: // IHDR
                    break;
                case 0x504C5445: // PLTE
                    palette = chunk.Length % 3 == 0 && chunk.Length is > 0 and <= 768 && palette is null ? chunk.ToArray() : throw ImageFailure.Broken("the palette of the PNG is broken");
                    break;
                case 0x49444154: // IDAT
                    compressed.Write(chunk);
                    break;
                case 0x49454E44: // IEND
                    isEnded = true;
                    break;
                default:
                    // Bit 5 of the first letter marks what a decoder may leave aside.
                    if ((type & 0x20000000) == 0)
                    {
                        throw ImageFailure.NotDecoded("its PNG has a part that is not known and must not be left aside");
                    }

                    break;
            }
        }

        if (header.Color == PngColor.Palette && palette is null)
        {
            throw ImageFailure.Broken("the PNG lacks its palette");
        }

        compressed.Position = 0;
        using ZLibStream inflated = new(compressed, CompressionMode.Decompress);
        try
        {
            return PngRows.Read(inflated, header, palette, cancellationToken);
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException)
        {
            throw ImageFailure.Broken("the compressed pixels of the PNG are broken or end too early");
        }
    }

    private static PngHeader ReadHeader(ReadOnlySpan<byte> file)
    {
        int at = Signature.Length;
        if (file.Length < HeaderEnd || NextChunk(file, ref at, out uint type) is not { Length: 13 } chunk || type != 0x49484452)
        {
            throw ImageFailure.Broken("the PNG has no head");
        }

        uint width = BinaryPrimitives.ReadUInt32BigEndian(chunk);
        uint height = BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]);
        if (width is 0 or > MaxSide || height is 0 or > MaxSide)
        {
            throw ImageFailure.Broken($"the PNG says {width}×{height} pixels");
        }

        PngHeader header = new((int)width, (int)height, chunk[8], (PngColor)chunk[9], chunk[12] == 1);
        return chunk[10] == 0 && chunk[11] == 0 && chunk[12] <= 1 && header.IsKnown ? header : throw ImageFailure.Broken("the head of the PNG says what there is not");
    }

    // Length, type, data and a check sum.
    private static ReadOnlySpan<byte> NextChunk(ReadOnlySpan<byte> file, ref int at, out uint type)
    {
        if (file.Length - at < 12 || BinaryPrimitives.ReadUInt32BigEndian(file[at..]) is var length && length > file.Length - at - 12)
        {
            throw ImageFailure.Broken("the PNG ends too early");
        }

        ReadOnlySpan<byte> typed = file.Slice(at + 4, (int)length + 4);
        type = BinaryPrimitives.ReadUInt32BigEndian(typed);
        if (Crc32.Of(typed) != BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + (int)length)..]))
        {
            throw ImageFailure.Broken("a check sum of the PNG is wrong");
        }

        at += 12 + (int)length;
        return typed[4..];
    }
}
