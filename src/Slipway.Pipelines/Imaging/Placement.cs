using Slipway.Pipelines.Definitions;

namespace Slipway.Pipelines.Imaging;

/// <summary>Where an image lies in its new size: it is scaled as a whole, a part of it is taken, and put at a place. One dimension.</summary>
/// <param name="From">Pixels it had.</param>
/// <param name="Scaled">Pixels that the whole would have.</param>
/// <param name="First">First of those that are taken.</param>
/// <param name="Count">How many are taken.</param>
/// <param name="At">Where the first of them goes.</param>
internal readonly record struct Stretch(int From, int Scaled, int First, int Count, int At);

/// <summary>Where an image lies in its new size.</summary>
/// <param name="Rows">From top to bottom.</param>
/// <param name="Columns">From left to right.</param>
internal readonly record struct Placement(Stretch Rows, Stretch Columns)
{
    /// <summary>Finds it out.</summary>
    /// <param name="sizing">The new size.</param>
    /// <param name="height">The old height, at least 1.</param>
    /// <param name="width">The old width, at least 1.</param>
    public static Placement Of(ImageSizing sizing, int height, int width)
    {
        (int rows, int columns) = ScaledSize(sizing, height, width);
        return new Placement(Along(height, rows, sizing.Height), Along(width, columns, sizing.Width));
    }

    private static (int Height, int Width) ScaledSize(ImageSizing sizing, int height, int width)
    {
        switch (sizing.Fit)
        {
            case ImageFit.Crop when sizing.ShorterSide > 0:
                long shorter = sizing.ShorterSide;
                return height <= width ? ((int)shorter, Bounded(shorter * width / height)) : (Bounded(shorter * height / width), (int)shorter);
            case ImageFit.Crop:
                return (long)sizing.Height * width >= (long)sizing.Width * height
                    ? (sizing.Height, Math.Max(sizing.Width, Rounded(sizing.Height, width, height)))
                    : (Math.Max(sizing.Height, Rounded(sizing.Width, height, width)), sizing.Width);
            case ImageFit.Pad:
                return (long)sizing.Height * width <= (long)sizing.Width * height
                    ? (sizing.Height, Math.Clamp(Rounded(sizing.Height, width, height), 1, sizing.Width))
                    : (Math.Clamp(Rounded(sizing.Width, height, width), 1, sizing.Height), sizing.Width);
            default:
                return (sizing.Height, sizing.Width);
        }
    }

    // What hangs over, or stays free, is halved; of an odd pixel the half is rounded to the even one.
    private static Stretch Along(int from, int scaled, int wanted)
    {
        int over = (int)Math.Round((scaled - wanted) / 2.0, MidpointRounding.ToEven);
        return over >= 0 ? new Stretch(from, scaled, over, wanted, 0) : new Stretch(from, scaled, 0, scaled, -over);
    }

    private static int Rounded(long size, long times, long over) => Bounded(((2 * size * times) + over) / (2 * over));

    // A hair of an image, scaled by its thin side, would be longer than can be counted; only its middle is ever looked at.
    private static int Bounded(long size) => (int)Math.Clamp(size, 1, int.MaxValue / 2);
}
