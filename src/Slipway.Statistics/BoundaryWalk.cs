namespace Slipway.Statistics;

/// <summary>The law of a Brownian motion that has stayed within boundaries at past looks, on a grid (Simpson's rule). Not thread-safe.</summary>
/// <param name="drift">Mean of the motion at time 1: what the statistic is expected to be there. 0: no effect.</param>
/// <param name="grid">Points of the grid to a standard deviation of the narrowest law that is integrated: 12 give six digits, 4 give four.</param>
internal sealed class BoundaryWalk(double drift = 0, int grid = 12)
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
            double expected = drift * Math.Sqrt(time);
            return Normal.Cdf(-boundary - expected) + Normal.Cdf(expected - boundary);
        }

        double deviation = Math.Sqrt(time - _time);
        double moved = drift * (time - _time);
        double total = 0;
        for (int i = 0; i < _places.Length; i++)
        {
            double place = _places[i] + moved;
            total += _mass[i] * (Normal.Cdf((-edge - place) / deviation) + Normal.Cdf((place - edge) / deviation));
        }

        return total;
    }

    /// <summary>Goes on to the next look, staying within.</summary>
    public void Step(double time, double boundary)
    {
        double edge = boundary * Math.Sqrt(time);

        // An odd number of points, as Simpson's rule wants.
        double deviation = Math.Sqrt(time - _time);
        int points = (2 * (int)Math.Clamp(Math.Ceiling(grid * edge / deviation), 5 * grid, 1000)) + 1;
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
            return Normal.Density((place - (drift * time)) / Math.Sqrt(time)) / Math.Sqrt(time);
        }

        double deviation = Math.Sqrt(time - _time);
        place -= drift * (time - _time);
        double density = 0;
        for (int i = 0; i < _places.Length; i++)
        {
            density += _mass[i] * Normal.Density((place - _places[i]) / deviation);
        }

        return density / deviation;
    }
}
