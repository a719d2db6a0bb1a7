using System.Net;
using System.Text;

namespace Slipway.Traffic.Experiments.Reporting;

/// <summary>A report as one HTML page that needs nothing else: no scripts, no fonts, no pictures from elsewhere. Pure.</summary>
public static class HtmlReport
{
    private const string Style = """
        :root { color-scheme: light dark; --ink: #1c2430; --dim: #5b6675; --line: #d9dee5; --paper: #fff; --accent: #1f6feb; --good: #1a7f37; --bad: #b42318; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --dim: #9aa5b4; --line: #323a46; --paper: #14181e; --accent: #6cb6ff; --good: #57c26e; --bad: #ff7b72; } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.6rem; margin-bottom: .2rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
        .state { display: inline-block; padding: .15rem .7rem; border-radius: 1rem; border: 1px solid currentColor; font-weight: 600; }
        .state.good, td.good { color: var(--good); } .state.bad, td.bad { color: var(--bad); }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; } dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
        .wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .35rem .7rem .35rem 0; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
        th { color: var(--dim); font-weight: 500; } p.note { color: var(--dim); font-size: .9rem; }
        svg { width: 100%; max-width: 44rem; } svg text { font: 11px system-ui, sans-serif; fill: var(--dim); } .grid { stroke: var(--line); stroke-width: .6; }
        .band { fill: var(--accent); opacity: .18; } .estimate { fill: none; stroke: var(--accent); stroke-width: 2; } .zero { stroke: var(--ink); stroke-width: 1; } .effect { stroke: var(--good); stroke-dasharray: 5 4; }
        """;

    /// <summary>Writes the page.</summary>
    public static string Write(ExperimentState state)
    {
        ExperimentDefinition definition = state.Definition;
        StringBuilder page = new();
        string name = Text(definition.Name);
        page.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        page.Append("<title>Experiment ").Append(name).Append("</title><style>\n").Append(Style.ReplaceLineEndings("\n")).Append("\n</style></head><body>\n<h1>Experiment ").Append(name).Append("</h1>\n");
        page.Append("<p><span class=\"state ").Append(Mood(state)).Append("\">").Append(Text(ReportText.Phase(state))).Append("</span></p>\n<dl>");
        foreach ((string fact, string value) in ReportFacts.Of(state))
        {
            page.Append("<dt>").Append(Text(fact)).Append("</dt><dd>").Append(Text(value)).Append("</dd>");
        }

        page.Append("</dl>\n");
        foreach (ReportTable table in ReportTable.Of(state))
        {
            Append(page, table);
            if (table.Title == "Primary metric")
            {
                AppendPlots(page, state);
            }
        }

        page.Append("<h2>What happened</h2><div class=\"wide\"><table><tr><th>time</th><th>what</th><th></th><th>by</th></tr>");
        foreach (ExperimentEvent one in state.Log)
        {
            page.Append("<tr><td>").Append(ReportText.Time(one.Time)).Append("</td><td>").Append(Text(one.Kind)).Append("</td><td>").Append(Text(one.Text)).Append("</td><td>").Append(Text(one.By ?? "")).Append("</td></tr>");
        }

        return page.Append("</table></div>\n</body></html>\n").ToString();
    }

    private static void Append(StringBuilder page, ReportTable table)
    {
        page.Append("<h2>").Append(Text(table.Title)).Append("</h2>\n<div class=\"wide\"><table><tr>");
        foreach (string column in table.Columns)
        {
            page.Append("<th>").Append(Text(column)).Append("</th>");
        }

        page.Append("</tr>");
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            page.Append("<tr>");
            foreach (string cell in row)
            {
                page.Append(cell switch { "better" or "safe" => "<td class=\"good\">", "worse" => "<td class=\"bad\">", _ => "<td>" }).Append(Text(cell)).Append("</td>");
            }

            page.Append("</tr>");
        }

        page.Append("</table></div>\n<p class=\"note\">").Append(Text(table.Note)).Append("</p>\n");
    }

    private static void AppendPlots(StringBuilder page, ExperimentState state)
    {
        ExperimentDefinition definition = state.Definition;
        double effect = definition.Metrics[definition.IndexOf(definition.Primary)].LowerIsBetter ? -definition.MinimalEffect : definition.MinimalEffect;
        foreach (string arm in state.Arms.Skip(1))
        {
            string plot = IntervalPlot.Draw([.. state.History.Where(point => point.Arm == arm)], effect);
            if (plot.Length > 0)
            {
                page.Append("<figure><figcaption>").Append(Text($"{arm} minus {state.Arms[0]}: estimate, interval at each look, and the smallest effect worth having (dashed)")).Append("</figcaption>").Append(plot).Append("</figure>\n");
            }
        }
    }

    private static string Mood(ExperimentState state) => state.IsMismatched || state.Phase == ExperimentPhase.Invalid || state.Conclusions.Values.Contains(Verdict.Worse) ? "bad"
        : state.Conclusions.Values.Contains(Verdict.Better) ? "good" : "";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
