using System.Globalization;

namespace Slipway.Core.Rows;

/// <summary>Names of the columns that one tensor takes in a flat file.</summary>
public static class ColumnNames
{
    /// <summary>
    /// The name of one element of a row: <c>name</c> when the row has one element, <c>name_&lt;class&gt;</c> where the last dimension's classes are known,
    /// else <c>name_i</c>, with an index for each dimension (<c>name_i_j</c>).
    /// </summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="shape">Dimensions of one row, the batch left out.</param>
    /// <param name="element">Element within the row, row-major.</param>
    /// <param name="labels">Classes that the last dimension runs over; empty when unknown.</param>
    public static string Of(string name, ReadOnlySpan<long> shape, long element, IReadOnlyList<string> labels)
    {
        if (shape.Length == 0 || (shape.Length == 1 && shape[0] == 1))
        {
            return name;
        }

        string suffix = "";
        long rest = element;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            int index = (int)(rest % shape[i]);
            rest /= shape[i];
            bool isClass = i == shape.Length - 1 && labels.Count == shape[i];
            suffix = $"_{(isClass ? labels[index] : index.ToString(CultureInfo.InvariantCulture))}{suffix}";
        }

        return name + suffix;
    }
}
