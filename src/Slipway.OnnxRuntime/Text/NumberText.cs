using System.Globalization;

namespace Slipway.OnnxRuntime.Text;

/// <summary>Numbers as C's printf writes them.</summary>
/// <param name="conversion">f, e or g.</param>
/// <param name="precision">Digits behind the point, or significant ones for g; negative: 6, as C has it.</param>
/// <param name="width">Least number of characters; negative: none.</param>
/// <param name="fill">What is put in front of shorter ones: a blank, a zero, or behind them for -; + and blank stand for the sign of positive ones.</param>
internal sealed class NumberText(string conversion, int precision, int width, string fill)
{
    private const int DefaultPrecision = 6;
    private const int MaxDigits = 300;

    private readonly int _precision = Math.Min(precision < 0 ? DefaultPrecision : precision, MaxDigits);
    private readonly int _width = Math.Min(width, MaxDigits);

    /// <summary>The text of a number.</summary>
    public string Of(double value)
    {
        string digits = !double.IsFinite(value) ? (double.IsNaN(value) ? "nan" : "inf") : conversion switch
        {
            "e" => Scientific(Math.Abs(value), _precision),
            "g" => General(Math.Abs(value)),
            _ => Math.Abs(value).ToString("F" + _precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
        };
        string sign = double.IsNegative(value) && !double.IsNaN(value) ? "-" : fill is "+" or " " ? fill : "";
        int missing = _width - digits.Length - sign.Length;
        return missing <= 0 ? sign + digits
            : fill == "-" ? sign + digits + new string(' ', missing)
            : fill == "0" && double.IsFinite(value) ? sign + new string('0', missing) + digits
            : new string(' ', missing) + sign + digits;
    }

    // C's exponent has two digits at least, .NET's three.
    private static string Scientific(double value, int digits)
    {
        string text = value.ToString("e" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return text[^3] == '0' ? text[..^3] + text[^2..] : text;
    }

    // As many significant digits as asked for, without zeros at the end; with an exponent where it is below -4 or not below the precision.
    private string General(double value)
    {
        int significant = Math.Max(1, _precision);
        if (value == 0)
        {
            return "0";
        }

        string scientific = Scientific(value, significant - 1);
        int exponent = int.Parse(scientific.AsSpan(scientific.IndexOf('e', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent < -4 || exponent >= significant)
        {
            int at = scientific.IndexOf('e', StringComparison.Ordinal);
            return Trimmed(scientific[..at]) + scientific[at..];
        }

        return Trimmed(value.ToString("F" + (significant - 1 - exponent).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
    }

    private static string Trimmed(string digits) => digits.Contains('.', StringComparison.Ordinal) ? digits.TrimEnd('0').TrimEnd('.') : digits;
}
