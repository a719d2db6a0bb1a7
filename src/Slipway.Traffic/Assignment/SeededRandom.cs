namespace Slipway.Traffic.Assignment;

/// <summary>Chance for routing (SplitMix64, Steele, Lea and Flood 2014): one atomic addition a number, so that requests don't wait for each other. Thread-safe.</summary>
public sealed class SeededRandom(ulong seed)
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private ulong _state = seed;

    /// <summary>Sixty-four random bits.</summary>
    public ulong Next()
    {
        ulong z = Interlocked.Add(ref _state, Step);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }

    /// <summary>A number in [0, 1), uniform.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));
}
