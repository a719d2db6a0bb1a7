using System.Globalization;

namespace Slipway.Pmml.Documents;

/// <summary>Numbers as documents write them: decimal, with or without an exponent, and the words <c>INF</c>, <c>-INF</c>, <c>NaN</c>, <c>Infinity</c>.</summary>
internal static class PmmlNumber
{
    /// <summary>Reads a number; blanks around it are allowed.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out double value)
    {
        text = text.Trim();
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            return true;
        }

        value = text switch
        {
            "INF" or "Inf" or "inf" => double.PositiveInfinity,
            "-INF" or "-Inf" or "-inf" => double.NegativeInfinity,
            _ => 0,
        };
        return value != 0;
    }

    /// <summary>Writes a number as a document's text would have it: whole numbers without a point.</summary>
    public static string Format(double value) => value == Math.Floor(value) && Math.Abs(value) < 1e15
        ? ((long)value).ToString(CultureInfo.InvariantCulture)
        : value.ToString("R", CultureInfo.InvariantCulture);
}
