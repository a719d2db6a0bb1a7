using System.Numerics;
using Slipway.Pipelines.Definitions;

namespace Slipway.Pipelines.Imaging;

/// <summary>Brings images of one size to another. Made for an old and a new size, then used for any number of images. Immutable.</summary>
internal sealed class Resampler
{
    private readonly ImageSizing _sizing;
    private readonly Placement _placement;
    private readonly Weights? _rows;
    private readonly Weights? _columns;

    public Resampler(ImageSizing sizing, int height, int width)
    {
        (_sizing, _placement) = (sizing, Placement.Of(sizing, height, width));
        if (sizing.Bilinear)
        {
            Func<Stretch, Weights> weights = sizing.Antialias ? Weights.Triangle : Weights.Linear;
            (_rows, _columns) = (weights(_placement.Rows), weights(_placement.Columns));
        }
    }

    /// <summary>Mixes one image: across first, then down.</summary>
    /// <param name="image">Its samples, channels side by side.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="into">Takes the new samples.</param>
    public void Mix<T>(ReadOnlySpan<T> image, int channels, Span<float> into)
        where T : unmanaged, INumber<T>
    {
        int stride = _placement.Columns.From * channels;
        int width = _columns!.Count * channels;
        int first = _rows!.First;
        double[] lines = new double[(_rows.End - first) * width];
        for (int y = 0; y < _rows.End - first; y++)
        {
            ReadOnlySpan<T> source = image.Slice((first + y) * stride, stride);
            for (int x = 0; x < _columns.Count; x++)
            {
                ReadOnlySpan<double> shares = _columns.Of(x, out int left);
                for (int channel = 0; channel < channels; channel++)
                {
                    double sum = 0;
                    for (int i = 0; i < shares.Length; i++)
                    {
                        sum += shares[i] * double.CreateTruncating(source[((left + i) * channels) + channel]);
                    }

                    lines[(y * width) + (x * channels) + channel] = sum;
                }
            }
        }

        Prepare(into, (float)_sizing.Fill);
        for (int y = 0; y < _rows.Count; y++)
        {
            ReadOnlySpan<double> shares = _rows.Of(y, out int top);
            Span<float> line = into.Slice(PlaceOf(y, channels), width);
            for (int x = 0; x < width; x++)
            {
                double sum = 0;
                for (int i = 0; i < shares.Length; i++)
                {
                    sum += shares[i] * lines[((top - first + i) * width) + x];
                }

                line[x] = (float)sum;
            }
        }
    }

    /// <summary>Takes the nearest pixels of one image.</summary>
    /// <param name="image">Its samples, channels side by side.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="into">Takes the new samples.</param>
    public void Pick<T>(ReadOnlySpan<T> image, int channels, Span<T> into)
        where T : unmanaged, INumber<T>
    {
        Prepare(into, T.CreateSaturating(_sizing.Fill));
        Stretch rows = _placement.Rows;
        Stretch columns = _placement.Columns;
        for (int y = 0; y < rows.Count; y++)
        {
            int line = Nearest(rows, y) * columns.From;
            for (int x = 0; x < columns.Count; x++)
            {
                image.Slice((line + Nearest(columns, x)) * channels, channels).CopyTo(into[(PlaceOf(y, channels) + (x * channels))..]);
            }
        }
    }

    private static int Nearest(Stretch line, int place) => Math.Min(line.From - 1, (int)((line.First + place + 0.5) * line.From / line.Scaled));

    private void Prepare<T>(Span<T> into, T fill)
    {
        if (_sizing.Fit == ImageFit.Pad)
        {
            into.Fill(fill);
        }
    }

    private int PlaceOf(int row, int channels) => (((_placement.Rows.At + row) * _sizing.Width) + _placement.Columns.At) * channels;
}
