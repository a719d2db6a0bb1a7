namespace Slipway.Conformance.Tests.Sklearn;

/// <summary>Rows of a CSV file of the conformance data: a header, quotes where needed, empty cells for missing values.</summary>
public sealed record CsvRows(IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    public int Count => Rows.Count;

    public static CsvRows Read(string path)
    {
        string[] lines = [.. File.ReadAllLines(path).Where(static line => line.Length > 0)];
        return new CsvRows(Split(lines[0]), [.. lines[1..].Select(Split)]);
    }

    public CsvRows Only(int row) => this with { Rows = [Rows[row]] };

    private static List<string> Split(string line)
    {
        List<string> fields = [];
        System.Text.StringBuilder field = new();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            char next = line[i];
            if (quoted && next == '"' && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (next == '"')
            {
                quoted = !quoted;
            }
            else if (next == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(next);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }
}
