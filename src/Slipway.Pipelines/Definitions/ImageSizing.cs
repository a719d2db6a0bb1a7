namespace Slipway.Pipelines.Definitions;

/// <summary>How an image becomes one of another size. Pixels are squares: a new pixel is taken at its centre, (i + 0.5) · old / new - 0.5, and what lies outside is at the edge.</summary>
/// <param name="Height">New height.</param>
/// <param name="Width">New width.</param>
public sealed record ImageSizing(int Height, int Width)
{
    /// <summary>What is done when the proportions differ. Default: the image is stretched.</summary>
    public ImageFit Fit { get; init; }

    /// <summary>With <see cref="ImageFit.Crop"/>: the shorter side is brought to this size before the middle is cut out; 0 (default): just so that the new size is covered.</summary>
    public int ShorterSide { get; init; }

    /// <summary>With <see cref="ImageFit.Pad"/>: the value of what stays free. Default 0.</summary>
    public double Fill { get; init; }

    /// <summary>Whether pixels are mixed (default); otherwise the nearest one is taken.</summary>
    public bool Bilinear { get; init; } = true;

    /// <summary>Whether a mix that makes smaller takes in all pixels that a new one covers, by a triangle as wide as the scale; otherwise (default) the four nearest.</summary>
    public bool Antialias { get; init; }
}

/// <summary>What is done when an image's proportions are not those of its new size.</summary>
public enum ImageFit
{
    /// <summary>It is stretched.</summary>
    Stretch,

    /// <summary>It keeps its proportions, covers the new size, and what hangs over is cut off on both sides.</summary>
    Crop,

    /// <summary>It keeps its proportions, lies in the middle of the new size, and what is free gets a value.</summary>
    Pad,
}
