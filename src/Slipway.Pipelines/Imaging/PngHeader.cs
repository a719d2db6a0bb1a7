namespace Slipway.Pipelines.Imaging;

/// <summary>Colour types of PNG, by their numbers.</summary>
internal enum PngColor : byte
{
    /// <summary>Grey.</summary>
    Grey = 0,

    /// <summary>Red, green, blue.</summary>
    Rgb = 2,

    /// <summary>Places in a palette.</summary>
    Palette = 3,

    /// <summary>Grey and opacity.</summary>
    GreyAlpha = 4,

    /// <summary>Red, green, blue and opacity.</summary>
    RgbAlpha = 6,
}

/// <summary>The head of a PNG file.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Depth">Bits of a sample.</param>
/// <param name="Color">Colour type.</param>
/// <param name="IsInterlaced">Whether the rows come in seven passes (Adam7).</param>
internal readonly record struct PngHeader(int Width, int Height, byte Depth, PngColor Color, bool IsInterlaced)
{
    /// <summary>Whether there is such a colour type of such a depth.</summary>
    public bool IsKnown => Color switch
    {
        PngColor.Grey => Depth is 1 or 2 or 4 or 8 or 16,
        PngColor.Palette => Depth is 1 or 2 or 4 or 8,
        PngColor.Rgb or PngColor.GreyAlpha or PngColor.RgbAlpha => Depth is 8 or 16,
        _ => false,
    };

    /// <summary>Channels of the decoded image: opacity is left aside.</summary>
    public int Channels => Color is PngColor.Grey or PngColor.GreyAlpha ? 1 : 3;

    /// <summary>Samples of a pixel in the file.</summary>
    public int SamplesPerPixel => Color switch
    {
        PngColor.Rgb => 3,
        PngColor.GreyAlpha => 2,
        PngColor.RgbAlpha => 4,
        _ => 1,
    };

    /// <summary>Bytes that a filter looks back.</summary>
    public int BytesPerPixel => Math.Max(1, SamplesPerPixel * Depth / 8);

    /// <summary>Bytes of so many pixels in a row, its filter not counted.</summary>
    public long BytesPerRow(int pixels) => (((long)pixels * SamplesPerPixel * Depth) + 7) / 8;
}
