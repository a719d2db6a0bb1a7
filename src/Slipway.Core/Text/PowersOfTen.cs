namespace Slipway.Core;

/// <summary>Powers of ten that floating point holds exactly.</summary>
internal static class PowersOfTen
{
    /// <summary>10^0 to 10^22 as binary64.</summary>
    public static ReadOnlySpan<double> Exact =>
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];
}
