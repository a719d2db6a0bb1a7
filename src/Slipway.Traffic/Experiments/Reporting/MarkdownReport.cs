using System.Text;

namespace Slipway.Traffic.Experiments.Reporting;

/// <summary>A report in Markdown. Pure.</summary>
public static class MarkdownReport
{
    /// <summary>Writes the report.</summary>
    public static string Write(ExperimentState state)
    {
        ExperimentDefinition definition = state.Definition;
        StringBuilder text = new();
        text.Append("# Experiment ").AppendLine(Cell(definition.Name)).AppendLine();
        foreach ((string name, string value) in ReportFacts.Of(state))
        {
            text.Append("- **").Append(name).Append("**: ").AppendLine(Cell(value));
        }

        foreach (ReportTable table in ReportTable.Of(state))
        {
            text.AppendLine().Append("## ").AppendLine(table.Title).AppendLine();
            Row(text, table.Columns);
            Row(text, table.Columns.Select(static _ => "---"));
            foreach (IReadOnlyList<string> row in table.Rows)
            {
                Row(text, row.Select(Cell));
            }

            text.AppendLine().AppendLine(table.Note);
        }

        text.AppendLine().AppendLine("## What happened").AppendLine();
        foreach (ExperimentEvent one in state.Log)
        {
            text.Append("- ").Append(ReportText.Time(one.Time)).Append(" **").Append(one.Kind).Append("** ").Append(Cell(one.Text)).AppendLine(one.By is null ? "" : $" ({Cell(one.By)})");
        }

        return text.ToString().ReplaceLineEndings("\n");
    }

    private static void Row(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");

    // Names of segments and hypotheses come from people and requests: nothing of them may become a form or a link.
    private static string Cell(string text)
    {
        StringBuilder safe = new();
        foreach (char letter in text)
        {
            if (char.IsControl(letter))
            {
                safe.Append(' ');
                continue;
            }

            if (letter is '|' or '*' or '_' or '`' or '[' or ']' or '<' or '>' or '\\' or '#' or '&')
            {
                safe.Append('\\');
            }

            safe.Append(letter);
        }

        return safe.ToString();
    }
}
