namespace Slipway.Core;

/// <summary>Where the values of a warm-up input come from.</summary>
public enum WarmupFill
{
    /// <summary>Zeros; empty strings.</summary>
    Zero = 0,

    /// <summary>Pseudo-random values from a fixed seed.</summary>
    Random = 1,

    /// <summary>Recorded bytes.</summary>
    Data = 2,
}
