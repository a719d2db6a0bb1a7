namespace Slipway.Statistics.Tests;

/// <summary>Normal numbers from a seed (polar method of Marsaglia).</summary>
internal sealed class GaussianSource(int seed)
{
    private readonly Random _random = new(seed);
    private double? _spare;

    public double Next()
    {
        if (_spare is { } spare)
        {
            _spare = null;
            return spare;
        }

        while (true)
        {
            double x = (2 * _random.NextDouble()) - 1;
            double y = (2 * _random.NextDouble()) - 1;
            double s = (x * x) + (y * y);
            if (s is > 0 and < 1)
            {
                double scale = Math.Sqrt(-2 * Math.Log(s) / s);
                _spare = y * scale;
                return x * scale;
            }
        }
    }
}
