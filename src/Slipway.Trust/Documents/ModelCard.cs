using System.Globalization;
using System.Net;
using System.Text;

namespace Slipway.Trust.Documents;

/// <summary>Writes a version's model card from what is recorded; nothing is made up, and what nobody recorded is left out. Pure.</summary>
public static class ModelCard
{
    /// <summary>The card in Markdown.</summary>
    public static string ToMarkdown(ModelFacts facts)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"# {Escape(facts.Name)}, version {Escape(facts.Version)}\n");
        foreach (string description in new[] { facts.ModelDescription, facts.Description }.OfType<string>())
        {
            text.Append('\n').Append(Escape(description)).Append('\n');
        }

        foreach ((string title, string[] head, List<string[]> rows) in Tables(facts))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n| {string.Join(" | ", head)} |\n|{string.Concat(head.Select(static _ => "---|"))}\n");
            foreach (string[] row in rows)
            {
                text.Append("| ").AppendJoin(" | ", row.Select(Escape)).Append(" |\n");
            }
        }

        return text.ToString();
    }

    /// <summary>The card as a page of HTML without scripts or links.</summary>
    public static string ToHtml(ModelFacts facts)
    {
        string title = $"{WebUtility.HtmlEncode(facts.Name)}, version {WebUtility.HtmlEncode(facts.Version)}";
        StringBuilder text = new();
        text.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>").Append(title).Append("</title></head><body>\n<h1>").Append(title).Append("</h1>\n");
        foreach (string description in new[] { facts.ModelDescription, facts.Description }.OfType<string>())
        {
            text.Append("<p>").Append(WebUtility.HtmlEncode(description)).Append("</p>\n");
        }

        foreach ((string heading, string[] head, List<string[]> rows) in Tables(facts))
        {
            text.Append("<h2>").Append(heading).Append("</h2>\n<table><tr>").AppendJoin("", head.Select(static cell => $"<th>{cell}</th>")).Append("</tr>\n");
            foreach (string[] row in rows)
            {
                text.Append("<tr>").AppendJoin("", row.Select(static cell => $"<td>{WebUtility.HtmlEncode(cell)}</td>")).Append("</tr>\n");
            }

            text.Append("</table>\n");
        }

        return text.Append("</body></html>\n").ToString();
    }

    private static IEnumerable<(string Title, string[] Head, List<string[]> Rows)> Tables(ModelFacts facts)
    {
        List<string[]> about = [];
        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                about.Add([name, value]);
            }
        }

        Add("digest (SHA-256)", facts.Digest);
        Add("format", facts.Format);
        Add("written by", facts.Producer);
        Add("created", facts.CreatedAt is { } at ? Time(at) : null);
        Add("created by", facts.CreatedBy);
        Add("signature", facts.Signature is { } verdict ? SignatureText.Of(verdict) : null);
        Add("training data (digest)", facts.TrainingDataDigest);
        foreach ((string name, string value) in facts.Provenance)
        {
            Add(name, value);
        }

        (string, string[], List<string[]>)[] tables =
        [
            ("Facts", ["fact", "value"], about),
            ("Inputs", ["name", "datatype", "shape"], [.. facts.Inputs.Select(static tensor => new[] { tensor.Name, tensor.DataType, tensor.Shape })]),
            ("Outputs", ["name", "datatype", "shape"], [.. facts.Outputs.Select(static tensor => new[] { tensor.Name, tensor.DataType, tensor.Shape })]),
            ("Metrics", ["metric", "value"], [.. Ordered(facts.Metrics).Select(static metric => new[] { metric.Key, metric.Value.ToString("R", CultureInfo.InvariantCulture) })]),
            ("Training parameters", ["parameter", "value"], [.. Ordered(facts.Parameters).Select(static parameter => new[] { parameter.Key, parameter.Value })]),
            ("Approvals", ["by", "time", "comment"], [.. facts.Approvals.Select(static approval => new[] { approval.Actor, Time(approval.Time), approval.Comment ?? "" })]),
            ("Tags", ["tag", "value"], [.. Ordered(facts.Tags).Select(static tag => new[] { tag.Key, tag.Value })]),
            ("Files", ["file", "bytes", "SHA-256"], [.. facts.Files.Select(static file => new[] { file.Name, file.Length.ToString(CultureInfo.InvariantCulture), file.Sha256 })]),
        ];
        return tables.Where(static table => table.Item3.Count > 0);
    }

    private static IEnumerable<KeyValuePair<string, T>> Ordered<T>(IReadOnlyDictionary<string, T> values) => values.OrderBy(static value => value.Key, StringComparer.Ordinal);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    // What callers wrote stays text: no markup, no further row or column of a table.
    private static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (char letter in text)
        {
            if (char.IsControl(letter))
            {
                escaped.Append(' ');
            }
            else if ("\\`*_{}[]<>#|&!~".Contains(letter, StringComparison.Ordinal))
            {
                escaped.Append('\\').Append(letter);
            }
            else
            {
                escaped.Append(letter);
            }
        }

        return escaped.ToString();
    }
}
