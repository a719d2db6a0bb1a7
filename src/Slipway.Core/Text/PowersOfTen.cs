namespace Slipway.Core;

/// <summary>Powers of ten that floating point holds exactly.</summary>
internal static class PowersOfTen
{
    /// <summary>10^0 to 10^22 as binary64.</summary>
    public static ReadOnlySpan<double> Exact =>
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>Where the negatives begin in <see cref="Inverse"/>.</summary>
    public const int Negatives = 32;

    /// <summary>By <see cref="PlainDecimal.Behind"/>: 1 without a point, then 10^0 to 10^-22 as the nearest binary64; and the same with a minus sign from <see cref="Negatives"/> on.</summary>
    public static ReadOnlySpan<double> Inverse =>
    [
        1, 1e-0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-13, 1e-14, 1e-15, 1e-16, 1e-17, 1e-18, 1e-19, 1e-20, 1e-21, 1e-22,
        0, 0, 0, 0, 0, 0, 0, 0,
        -1, -1e-0, -1e-1, -1e-2, -1e-3, -1e-4, -1e-5, -1e-6, -1e-7, -1e-8, -1e-9, -1e-10, -1e-11, -1e-12, -1e-13, -1e-14, -1e-15, -1e-16, -1e-17, -1e-18, -1e-19, -1e-20, -1e-21, -1e-22,
        0, 0, 0, 0, 0, 0, 0, 0,
    ];
}
