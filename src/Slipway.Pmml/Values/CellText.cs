using System.Globalization;
using Slipway.Pmml.Documents;

namespace Slipway.Pmml.Values;

/// <summary>Cells to and from text, by their type.</summary>
internal static class CellText
{
    /// <summary>Reads a text as a cell of a type.</summary>
    /// <param name="text">The text.</param>
    /// <param name="type">Its type.</param>
    /// <param name="code">Gives the codes of texts.</param>
    /// <param name="cell">The cell.</param>
    /// <returns>False when the text is no value of the type.</returns>
    public static bool TryParse(string text, PmmlType type, Func<string, double> code, out double cell)
    {
        switch (type.Kind)
        {
            case PmmlKind.String:
                cell = code(text);
                return true;
            case PmmlKind.Boolean:
                string word = text.Trim();
                cell = word is "1" or "1.0" || word.Equals("true", StringComparison.OrdinalIgnoreCase) ? 1 : 0;
                return cell == 1 || word is "0" or "0.0" || word.Equals("false", StringComparison.OrdinalIgnoreCase);
            case PmmlKind.Integer or PmmlKind.Double:
                return TryNumber(text, out cell);
            case PmmlKind.Float:
                bool isNumber = TryNumber(text, out cell);
                cell = (float)cell;
                return isNumber;
            case PmmlKind.Items:
                cell = Cell.Missing;
                return false;
            default:
                return Calendar.TryParse(text, type, out cell);
        }
    }

    /// <summary>The text of a cell that is not missing.</summary>
    public static string Format(double cell, PmmlType type, Func<double, string> text) => type.Kind switch
    {
        PmmlKind.String => text(cell),
        PmmlKind.Boolean => cell != 0 ? "true" : "false",
        PmmlKind.Integer => cell == Math.Floor(cell) && Math.Abs(cell) < 1e18 ? ((long)cell).ToString(CultureInfo.InvariantCulture) : cell.ToString("R", CultureInfo.InvariantCulture),
        PmmlKind.Float => Fraction(((float)cell).ToString("R", CultureInfo.InvariantCulture)),
        PmmlKind.Double => Fraction(cell.ToString("R", CultureInfo.InvariantCulture)),
        _ => Calendar.Format(cell, type),
    };

    // A double is written with its point, as XML Schema's canonical form has it: 1.0, not 1.
    private static string Fraction(string digits) => digits.AsSpan().ContainsAny("eE.N∞") ? digits : digits + ".0";

    private static bool TryNumber(string text, out double cell)
    {
        if (PmmlNumber.TryParse(text, out cell))
        {
            return true;
        }

        // R writes truth values of its own in fields that it declares as numbers.
        string word = text.Trim();
        cell = word is "true" or "TRUE" ? 1 : 0;
        return cell == 1 || word is "false" or "FALSE";
    }
}
