using System.Globalization;
using System.Text;

namespace Slipway.Pmml.Documents;

/// <summary>The values of <c>Array</c>, <c>REAL-SparseArray</c>, <c>INT-SparseArray</c> and <c>Matrix</c> elements.</summary>
internal static class PmmlArray
{
    private const int MaxLength = 50_000_000;

    /// <summary>The entries of an array as text: parted by blanks; entries with blanks stand in quotes, where <c>\"</c> is a quote.</summary>
    public static List<string> Strings(PmmlElement array)
    {
        List<string> entries = [];
        ReadOnlySpan<char> text = array.Text;
        int at = 0;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            if (at == text.Length)
            {
                break;
            }

            if (text[at] == '"')
            {
                entries.Add(Quoted(array, text, ref at));
                continue;
            }

            int start = at;
            while (at < text.Length && !char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            entries.Add(text[start..at].ToString().Replace("\\\"", "\"", StringComparison.Ordinal));
        }

        // What 'n' says is not held against it: R counts levels there that it does not write.
        return entries;
    }

    /// <summary>The entries of a dense array as numbers.</summary>
    public static double[] Numbers(PmmlElement array)
    {
        List<double> numbers = [];
        foreach (Range range in array.Text.AsSpan().SplitAny(' ', '\t', '\r', '\n'))
        {
            ReadOnlySpan<char> part = array.Text.AsSpan()[range];
            if (part.IsEmpty)
            {
                continue;
            }

            numbers.Add(PmmlNumber.TryParse(part, out double value) || PmmlNumber.TryParse(part.Trim('"'), out value)
                ? value
                : throw PmmlError.Invalid(array, $"has the entry '{part}': expected a number"));
        }

        if (array.Integer("n") is { } declared && declared != numbers.Count)
        {
            throw PmmlError.Invalid(array, string.Create(CultureInfo.InvariantCulture, $"says n=\"{declared}\" and has {numbers.Count} entries"));
        }

        return [.. numbers];
    }

    /// <summary>The numbers of the array within an element, dense or sparse.</summary>
    /// <param name="parent">Holds one array.</param>
    /// <param name="length">Length of a sparse array that does not say its own; 0 when unknown.</param>
    public static double[] NumbersIn(PmmlElement parent, int length = 0)
    {
        foreach (PmmlElement child in parent.Children)
        {
            switch (child.Name)
            {
                case "Array":
                    return Numbers(child);
                case "REAL-SparseArray" or "INT-SparseArray":
                    return Sparse(child, length);
            }
        }

        throw PmmlError.Invalid(parent, "has no array");
    }

    /// <summary>Whether an element holds an array.</summary>
    public static bool IsIn(PmmlElement parent) =>
        parent.Children.Any(static child => child.Name is "Array" or "REAL-SparseArray" or "INT-SparseArray");

    /// <summary>A sparse array with its zeros (or its default) filled in.</summary>
    public static double[] Sparse(PmmlElement array, int length)
    {
        int count = array.Integer("n") ?? length;
        if (count is < 0 or > MaxLength)
        {
            throw PmmlError.Invalid(array, string.Create(CultureInfo.InvariantCulture, $"says n=\"{count}\": expected 0 to {MaxLength}"));
        }

        double[] indices = array.Child("Indices") is { } positions ? Numbers(positions) : [];
        double[] entries = array.Child("REAL-Entries") is { } real ? Numbers(real) : array.Child("INT-Entries") is { } whole ? Numbers(whole) : [];
        if (indices.Length != entries.Length)
        {
            throw PmmlError.Invalid(array, string.Create(CultureInfo.InvariantCulture, $"has {indices.Length} indices and {entries.Length} entries"));
        }

        // Memory follows from what the file holds, not from what it says: a short array may not stand for gigabytes.
        if (count > 1_000_000 && count / 1_000 > indices.Length)
        {
            throw PmmlError.Invalid(array, string.Create(CultureInfo.InvariantCulture, $"says n=\"{count}\" and has {indices.Length} entries: too sparse to be held"));
        }

        double[] values = new double[count];
        Array.Fill(values, array.Number("defaultValue") ?? 0);
        for (int i = 0; i < indices.Length; i++)
        {
            double index = indices[i];
            if (index < 1 || index > count || index != Math.Floor(index))
            {
                throw PmmlError.Invalid(array, string.Create(CultureInfo.InvariantCulture, $"has the index {index}: expected 1 to {count}"));
            }

            values[(int)index - 1] = entries[i];
        }

        return values;
    }

    /// <summary>A matrix as rows.</summary>
    public static double[][] Matrix(PmmlElement matrix)
    {
        string kind = matrix.Attribute("kind") ?? "any";
        double[][] arrays = [.. matrix.Children.Where(static child => child.Name is "Array").Select(Numbers)];
        int rows = matrix.Integer("nbRows") ?? arrays.Length;
        if (arrays.Length == 0)
        {
            return FromCells(matrix);
        }

        if (kind == "diagonal" && arrays.Length == 1)
        {
            return [.. Enumerable.Range(0, arrays[0].Length).Select(row => Enumerable.Range(0, arrays[0].Length).Select(column => row == column ? arrays[0][row] : 0).ToArray())];
        }

        // All rows in one array, one after the other.
        if (arrays.Length == 1 && rows > 1 && matrix.Integer("nbCols") is > 0 and var width && (long)rows * width == arrays[0].Length)
        {
            return [.. arrays[0].Chunk(width)];
        }

        if (arrays.Length != rows)
        {
            throw PmmlError.Invalid(matrix, string.Create(CultureInfo.InvariantCulture, $"says nbRows=\"{rows}\" and has {arrays.Length} rows"));
        }

        if (kind == "symmetric")
        {
            for (int row = 0; row < arrays.Length; row++)
            {
                double[] full = new double[arrays.Length];
                for (int column = 0; column < arrays.Length; column++)
                {
                    full[column] = column < arrays[row].Length ? arrays[row][column] : row < arrays[column].Length ? arrays[column][row] : 0;
                }

                arrays[row] = full;
            }
        }

        return arrays;
    }

    private static double[][] FromCells(PmmlElement matrix)
    {
        int rows = matrix.Integer("nbRows") ?? 0;
        int columns = matrix.Integer("nbCols") ?? rows;
        if (rows < 0 || columns < 0 || (long)rows * columns > 1_000_000)
        {
            throw PmmlError.Invalid(matrix, "is too large");
        }

        double[][] values = new double[rows][];
        for (int row = 0; row < rows; row++)
        {
            values[row] = new double[columns];
            for (int column = 0; column < columns; column++)
            {
                values[row][column] = row == column ? matrix.Number("diagDefault") ?? 0 : matrix.Number("offDiagDefault") ?? 0;
            }
        }

        foreach (PmmlElement cell in matrix.ChildrenNamed("MatCell"))
        {
            int row = cell.Integer("row") ?? 0;
            int column = cell.Integer("col") ?? 0;
            if (row < 1 || row > rows || column < 1 || column > columns || !PmmlNumber.TryParse(cell.Text, out values[row - 1][column - 1]))
            {
                throw PmmlError.Invalid(cell, "has no place or no number in its matrix");
            }
        }

        return values;
    }

    private static string Quoted(PmmlElement array, ReadOnlySpan<char> text, ref int at)
    {
        StringBuilder entry = new();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] is '"' or '\\')
            {
                entry.Append(text[++at]);
            }
            else if (text[at] == '"')
            {
                at++;
                return entry.ToString();
            }
            else
            {
                entry.Append(text[at]);
            }
        }

        throw PmmlError.Invalid(array, "has an entry whose quote does not end");
    }
}
