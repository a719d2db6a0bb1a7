using System.Globalization;
using System.Text;
using Slipway.Pmml.Evaluation;

namespace Slipway.Pmml.Functions;

/// <summary>The formats of C's printf for one number, and of its strftime for dates (POSIX), as the standard refers to them.</summary>
internal static class PrintFormat
{
    private const int LargestField = 1_000;

    /// <summary>Writes a number into the one conversion of a format.</summary>
    /// <exception cref="EvaluationException">The format has no conversion for a number.</exception>
    public static string Number(double value, string format)
    {
        StringBuilder text = new();
        bool done = false;
        for (int at = 0; at < format.Length; at++)
        {
            if (format[at] != '%')
            {
                text.Append(format[at]);
                continue;
            }

            if (at + 1 < format.Length && format[at + 1] == '%')
            {
                text.Append('%');
                at++;
                continue;
            }

            if (done)
            {
                throw new EvaluationException("formatNumber: the format has more than one conversion");
            }

            text.Append(Convert(value, format, ref at));
            done = true;
        }

        return text.ToString();
    }

    /// <summary>Writes a moment as strftime does.</summary>
    /// <exception cref="EvaluationException">A conversion that is not known.</exception>
    public static string Moment(DateTime value, string format)
    {
        StringBuilder text = new();
        CultureInfo culture = CultureInfo.InvariantCulture;
        for (int at = 0; at < format.Length; at++)
        {
            if (format[at] != '%' || at + 1 == format.Length)
            {
                text.Append(format[at]);
                continue;
            }

            text.Append(format[++at] switch
            {
                'Y' => value.ToString("yyyy", culture),
                'y' => value.ToString("yy", culture),
                'C' => (value.Year / 100).ToString("00", culture),
                'm' => value.ToString("MM", culture),
                'B' => value.ToString("MMMM", culture),
                'b' or 'h' => value.ToString("MMM", culture),
                'd' => value.ToString("dd", culture),
                'e' => value.Day.ToString(culture).PadLeft(2),
                'j' => value.DayOfYear.ToString("000", culture),
                'A' => value.ToString("dddd", culture),
                'a' => value.ToString("ddd", culture),
                'u' => (value.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)value.DayOfWeek).ToString(culture),
                'w' => ((int)value.DayOfWeek).ToString(culture),
                'H' => value.ToString("HH", culture),
                'I' => value.ToString("hh", culture),
                'M' => value.ToString("mm", culture),
                'S' => value.ToString("ss", culture),
                'p' => value.ToString("tt", culture),
                'D' or 'x' => value.ToString("MM/dd/yy", culture),
                'F' => value.ToString("yyyy-MM-dd", culture),
                'T' or 'X' => value.ToString("HH:mm:ss", culture),
                'R' => value.ToString("HH:mm", culture),
                'r' => value.ToString("hh:mm:ss tt", culture),
                'c' => value.ToString("ddd MMM d HH:mm:ss yyyy", culture),
                'n' => "\n",
                't' => "\t",
                '%' => "%",
                var other => throw new EvaluationException($"formatDatetime: the conversion %{other} is not known"),
            });
        }

        return text.ToString();
    }

    // %[flags][width][.precision]conversion
    private static string Convert(double value, string format, ref int at)
    {
        at++;
        int flags = at;
        while (at < format.Length && format[at] is '-' or '+' or ' ' or '0' or '#' or ',')
        {
            at++;
        }

        string given = format[flags..at];
        int width = Digits(format, ref at);
        int precision = -1;
        if (at < format.Length && format[at] == '.')
        {
            at++;
            precision = Digits(format, ref at);
        }

        if (at == format.Length || width > LargestField || precision > LargestField)
        {
            throw new EvaluationException("formatNumber: the format has no conversion for a number");
        }

        char conversion = format[at];
        CultureInfo culture = CultureInfo.InvariantCulture;
        string digits = conversion switch
        {
            'd' or 'i' or 'u' => Math.Truncate(Math.Abs(value)).ToString("F0", culture),
            'f' or 'F' => Math.Abs(value).ToString("F" + (precision < 0 ? 6 : precision).ToString(culture), culture),
            'e' or 'E' => Exponential(Math.Abs(value), precision < 0 ? 6 : precision, conversion),
            'g' or 'G' => Math.Abs(value).ToString("G" + Math.Max(1, precision < 0 ? 6 : precision).ToString(culture), culture),
            's' => Math.Abs(value).ToString("R", culture),
            _ => throw new EvaluationException($"formatNumber: the conversion %{conversion} is not known"),
        };
        if (conversion is 'd' or 'i' or 'u' && precision > 0)
        {
            digits = digits.PadLeft(precision, '0');
        }

        string sign = value < 0 ? "-" : given.Contains('+', StringComparison.Ordinal) ? "+" : given.Contains(' ', StringComparison.Ordinal) ? " " : "";
        if (given.Contains('-', StringComparison.Ordinal))
        {
            return (sign + digits).PadRight(width);
        }

        return given.Contains('0', StringComparison.Ordinal) ? sign + digits.PadLeft(width - sign.Length, '0') : (sign + digits).PadLeft(width);
    }

    private static string Exponential(double value, int precision, char conversion)
    {
        string text = value.ToString((conversion == 'e' ? "e" : "E") + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        int sign = text.LastIndexOfAny(['+', '-']);

        // The framework writes three digits of exponent, C at least two.
        return sign > 0 && text.Length - sign == 4 && text[sign + 1] == '0' ? text.Remove(sign + 1, 1) : text;
    }

    private static int Digits(string format, ref int at)
    {
        int number = 0;
        while (at < format.Length && char.IsAsciiDigit(format[at]))
        {
            number = Math.Min(LargestField + 1, (number * 10) + (format[at++] - '0'));
        }

        return number;
    }
}
