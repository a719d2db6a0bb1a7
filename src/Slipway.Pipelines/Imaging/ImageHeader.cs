namespace Slipway.Pipelines.Imaging;

/// <summary>What the head of an image file says, before anything is allocated for its pixels.</summary>
/// <param name="Format">PNG or JPEG.</param>
/// <param name="Width">Pixels in a row, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Channels">1 (grey) or 3.</param>
/// <param name="WorkBytes">Bytes that decoding will take at most, the pixels among them.</param>
internal readonly record struct ImageHeader(string Format, int Width, int Height, int Channels, long WorkBytes)
{
    /// <summary>Pixels.</summary>
    public long Count => (long)Width * Height;
}
