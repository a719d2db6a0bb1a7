namespace Slipway.Statistics;

/// <summary>The law of a Brownian motion that has stayed within boundaries at past looks, on a grid (Simpson's rule). Not thread-safe.</summary>
internal sealed class BoundaryWalk
{
    private double[]? _places;
    private double[] _mass = [];
    private double _time;

    /// <summary>Chance to be within so far and outside ±<paramref name="boundary"/>·√time at the next look.</summary>
    public double CrossingAt(double time, double boundary)
    {
        double edge = boundary * Math.Sqrt(time);
        if (_places is null)
        {
            return 2 * Normal.Cdf(-boundary);
        }

        double deviation = Math.Sqrt(time - _time);
        double total = 0;
        for (int i = 0; i < _places.Length; i++)
        {
            total += _mass[i] * (Normal.Cdf((-edge - _places[i]) / deviation) + Normal.Cdf((_places[i] - edge) / deviation));
        }

        return total;
    }

    /// <summary>Goes on to the next look, staying within.</summary>
    public void Step(double time, double boundary)
    {
        double edge = boundary * Math.Sqrt(time);

        // Twelve points to a standard deviation of the narrowest law that is integrated next to this one; an odd number, as Simpson's rule wants.
        double deviation = Math.Sqrt(time - _time);
        int points = (2 * (int)Math.Clamp(Math.Ceiling(12 * edge / deviation), 60, 1000)) + 1;
        double step = 2 * edge / (points - 1);
        double[] places = new double[points];
        double[] mass = new double[points];
        for (int i = 0; i < points; i++)
        {
            double place = -edge + (i * step);
            double simpson = step / 3 * (i == 0 || i == points - 1 ? 1 : i % 2 == 1 ? 4 : 2);
            (places[i], mass[i]) = (place, simpson * DensityAt(place, time));
        }

        (_places, _mass, _time) = (places, mass, time);
    }

    private double DensityAt(double place, double time)
    {
        if (_places is null)
        {
            return Normal.Density(place / Math.Sqrt(time)) / Math.Sqrt(time);
        }

        double deviation = Math.Sqrt(time - _time);
        double density = 0;
        for (int i = 0; i < _places.Length; i++)
        {
            density += _mass[i] * Normal.Density((place - _places[i]) / deviation);
        }

        return density / deviation;
    }
}
