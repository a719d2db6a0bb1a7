using Slipway.Pmml.Documents;

namespace Slipway.Pmml.Transformations;

/// <summary>The rows of an <c>InlineTable</c>: cells by the name of their column.</summary>
internal static class InlineTable
{
    /// <summary>The rows of the table within an element.</summary>
    public static List<Dictionary<string, string>> Rows(PmmlElement parent)
    {
        if (parent.Child("TableLocator") is { } locator)
        {
            throw PmmlError.NotSupported(locator, "a table outside the document");
        }

        return [.. parent.RequiredChild("InlineTable").ChildrenNamed("row").Select(static row =>
        {
            Dictionary<string, string> cells = new(StringComparer.Ordinal);
            foreach (PmmlElement cell in row.Children)
            {
                cells[cell.Name] = cell.Text;
            }

            return cells;
        })];
    }

    /// <summary>The name of a column without the prefix of its namespace.</summary>
    public static string Column(string name) => name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..];
}
