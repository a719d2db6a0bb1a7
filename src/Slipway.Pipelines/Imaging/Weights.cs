namespace Slipway.Pipelines.Imaging;

/// <summary>For each new pixel of a line the old ones that it is mixed from, and how much of each. Immutable.</summary>
internal sealed class Weights
{
    private readonly (int First, int Start, int Count)[] _pixels;
    private readonly double[] _shares;

    private Weights((int First, int Start, int Count)[] pixels, double[] shares) => (_pixels, _shares) = (pixels, shares);

    /// <summary>New pixels.</summary>
    public int Count => _pixels.Length;

    /// <summary>First old pixel that any new one needs.</summary>
    public int First => _pixels.Min(static pixel => pixel.First);

    /// <summary>One behind the last old pixel that any new one needs.</summary>
    public int End => _pixels.Max(static pixel => pixel.First + pixel.Count);

    /// <summary>Mixes of the two nearest pixels.</summary>
    public static Weights Linear(Stretch line) => Make(line, static (line, place, shares) =>
    {
        double centre = Math.Clamp(((place + 0.5) * line.From / line.Scaled) - 0.5, 0, line.From - 1);
        int low = (int)centre;
        if (low + 1 == line.From)
        {
            shares.Add(1);
        }
        else
        {
            shares.Add(1 - (centre - low));
            shares.Add(centre - low);
        }

        return low;
    });

    /// <summary>Mixes of all pixels under a triangle as wide as the scale, and at least as wide as two pixels.</summary>
    public static Weights Triangle(Stretch line) => Make(line, static (line, place, shares) =>
    {
        double scale = (double)line.From / line.Scaled;
        double reach = Math.Max(scale, 1);
        double centre = (place + 0.5) * scale;
        int first = Math.Max((int)(centre - reach + 0.5), 0);
        int end = Math.Min((int)(centre + reach + 0.5), line.From);
        int start = shares.Count;
        double sum = 0;
        for (int i = first; i < end; i++)
        {
            double share = Math.Max(0, 1 - Math.Abs((i - centre + 0.5) / reach));
            shares.Add(share);
            sum += share;
        }

        for (int i = start; i < shares.Count; i++)
        {
            shares[i] /= sum;
        }

        return first;
    });

    /// <summary>The old pixels of a new one: the first of them, and their shares.</summary>
    public ReadOnlySpan<double> Of(int pixel, out int first)
    {
        (first, int start, int count) = _pixels[pixel];
        return _shares.AsSpan(start, count);
    }

    private static Weights Make(Stretch line, Func<Stretch, int, List<double>, int> add)
    {
        (int First, int Start, int Count)[] pixels = new (int, int, int)[line.Count];
        List<double> shares = [];
        for (int i = 0; i < pixels.Length; i++)
        {
            int start = shares.Count;
            int first = add(line, line.First + i, shares);
            pixels[i] = (first, start, shares.Count - start);
        }

        return new Weights(pixels, [.. shares]);
    }
}
