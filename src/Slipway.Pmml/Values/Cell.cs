namespace Slipway.Pmml.Values;

/// <summary>
/// A value of a row is one double: a number, the code of a symbol, 0 or 1, days or seconds, as its <see cref="PmmlType"/> says. Three bit patterns of NaN are
/// set apart: <em>missing</em>, <em>not computed yet</em>, and <em>given, but no value of the field's type</em>. Arithmetic never makes one of them out of numbers.
/// </summary>
internal static class Cell
{
    private const long MissingBits = 0x7FF8_0000_0000_07A2;
    private const long PendingBits = 0x7FF8_0000_0000_0C0D;

    private const long InvalidBits = 0x7FF8_0000_0000_0BAD;

    /// <summary>No value.</summary>
    public static readonly double Missing = BitConverter.Int64BitsToDouble(MissingBits);

    /// <summary>A field that is computed when it is asked for and has not been.</summary>
    public static readonly double Pending = BitConverter.Int64BitsToDouble(PendingBits);

    /// <summary>Something was given that is no value of the field's type.</summary>
    public static readonly double Invalid = BitConverter.Int64BitsToDouble(InvalidBits);

    /// <summary>Whether something was given that is no value of the type.</summary>
    public static bool IsInvalid(double cell) => BitConverter.DoubleToInt64Bits(cell) == InvalidBits;

    /// <summary>Whether there is no value; a number that is NaN is one.</summary>
    public static bool IsMissing(double cell) => BitConverter.DoubleToInt64Bits(cell) == MissingBits;

    /// <summary>Whether the value is still to be computed.</summary>
    public static bool IsPending(double cell) => BitConverter.DoubleToInt64Bits(cell) == PendingBits;

    /// <summary>A truth value.</summary>
    public static double Of(bool value) => value ? 1 : 0;
}
