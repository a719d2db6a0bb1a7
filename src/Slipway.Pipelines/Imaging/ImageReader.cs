using System.Buffers.Text;

namespace Slipway.Pipelines.Imaging;

/// <summary>
/// Decodes PNG and JPEG files. Nothing a file says is believed before it is checked: sizes are measured first, so that the caller can refuse them, and what is allocated
/// follows from the measured size alone. Stateless.
/// </summary>
internal static class ImageReader
{
    private static readonly (byte[] Start, string Name)[] Others =
    [
        ("GIF8"u8.ToArray(), "GIF"), ("BM"u8.ToArray(), "BMP"), ("II*\0"u8.ToArray(), "TIFF"), ("MM\0*"u8.ToArray(), "TIFF"), ([0, 0, 0, 12, 0x6A, 0x50], "JPEG 2000"),
        ([0xFF, 0x0A], "JPEG XL"), ("%PDF"u8.ToArray(), "PDF"), ("<svg"u8.ToArray(), "SVG"), ("<?xml"u8.ToArray(), "XML"),
    ];

    /// <summary>The file itself: base64 text, which neither format can begin with, is decoded.</summary>
    /// <exception cref="Slipway.Core.SlipwayException">It is text and no base64.</exception>
    public static ReadOnlyMemory<byte> Unwrap(ReadOnlyMemory<byte> given)
    {
        ReadOnlySpan<byte> start = given.Span;
        if (!start.StartsWith("/9j/"u8) && !start.StartsWith("iVBORw0KGgo"u8))
        {
            return given;
        }

        byte[] file = new byte[Base64.GetMaxDecodedFromUtf8Length(start.Length)];
        return Base64.DecodeFromUtf8(start, file, out int consumed, out int written) == System.Buffers.OperationStatus.Done && consumed == start.Length
            ? file.AsMemory(0, written)
            : throw ImageFailure.Broken("its base64 text is broken");
    }

    /// <summary>Reads the head of a file.</summary>
    /// <exception cref="Slipway.Core.SlipwayException">It is no image that can be decoded.</exception>
    public static ImageHeader Measure(ReadOnlySpan<byte> file)
    {
        if (PngReader.IsPng(file))
        {
            return PngReader.Measure(file);
        }

        return JpegReader.IsJpeg(file) ? JpegReader.Measure(file) : throw Unknown(file);
    }

    /// <summary>Decodes a file whose head has been read and accepted.</summary>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Looked at between rows of blocks.</param>
    /// <exception cref="Slipway.Core.SlipwayException">It is broken, or of a kind that is not decoded.</exception>
    public static Pixels Decode(ReadOnlyMemory<byte> file, CancellationToken cancellationToken) =>
        PngReader.IsPng(file.Span) ? PngReader.Decode(file, cancellationToken) : JpegReader.Decode(file.Span, cancellationToken);

    private static Slipway.Core.SlipwayException Unknown(ReadOnlySpan<byte> file)
    {
        if (file.Length > 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8))
        {
            return ImageFailure.NotDecoded("it is WebP, and PNG and JPEG are");
        }

        foreach ((byte[] start, string name) in Others)
        {
            if (file.StartsWith(start))
            {
                return ImageFailure.NotDecoded($"it is {name}, and PNG and JPEG are");
            }
        }

        return ImageFailure.Broken("PNG or JPEG is expected, as bytes or as base64 text");
    }
}
