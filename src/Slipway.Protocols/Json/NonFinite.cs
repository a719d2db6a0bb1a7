namespace Slipway.Protocols.Json;

/// <summary>The bare words for numbers that JSON has none for, as Triton and TensorFlow Serving read and write them.</summary>
internal static class NonFinite
{
    /// <summary>Reads <c>NaN</c>, <c>Infinity</c>, <c>Inf</c>, or one of the latter two with a minus, if one begins at <paramref name="position"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, ref int position, out double value)
    {
        ReadOnlySpan<byte> rest = text[position..];
        value = double.NaN;
        if (rest.StartsWith("NaN"u8))
        {
            position += 3;
            return true;
        }

        int minus = rest.StartsWith("-"u8) ? 1 : 0;
        value = minus == 0 ? double.PositiveInfinity : double.NegativeInfinity;
        rest = rest[minus..];
        int length = rest.StartsWith("Infinity"u8) ? 8 : rest.StartsWith("Inf"u8) ? 3 : 0;
        if (length == 0)
        {
            return false;
        }

        position += minus + length;
        return true;
    }

    /// <summary>The word for a value that isn't finite.</summary>
    public static ReadOnlySpan<byte> ToWord(double value) =>
        double.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8;
}
