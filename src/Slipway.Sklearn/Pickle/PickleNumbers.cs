using System.Numerics;

namespace Slipway.Sklearn.Pickle;

/// <summary>Python numbers, whichever way the file writes them.</summary>
internal static class PickleNumbers
{
    /// <summary>Reads a bool, int, float or zero-dimensional NumPy value as binary64.</summary>
    public static bool TryToDouble(object? value, out double number)
    {
        switch (value)
        {
            case bool flag:
                number = flag ? 1 : 0;
                return true;
            case long integer:
                number = integer;
                return true;
            case BigInteger large:
                number = (double)large;
                return true;
            case double real:
                number = real;
                return true;
            case NumpyArray { Shape.Length: 0, Objects: null, Type.Kind: 'b' or 'i' or 'u' or 'f' } scalar:
                number = scalar.ToDoubles()[0];
                return true;
            default:
                number = 0;
                return false;
        }
    }

    /// <summary>Reads a bool, int or zero-dimensional NumPy integer that fits 64 bits.</summary>
    public static bool TryToInt64(object? value, out long number)
    {
        switch (value)
        {
            case bool flag:
                number = flag ? 1 : 0;
                return true;
            case long integer:
                number = integer;
                return true;
            case NumpyArray { Shape.Length: 0, Objects: null, Type.Kind: 'b' or 'i' or 'u' } scalar:
                number = scalar.ToInt64s()[0];
                return true;
            default:
                number = 0;
                return false;
        }
    }
}
