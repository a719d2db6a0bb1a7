namespace Slipway.Traffic.Experiments.Reporting;

/// <summary>A table of a report, in no particular form.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Columns">Heads of the columns.</param>
/// <param name="Rows">Cells, row by row.</param>
/// <param name="Note">What to know for reading it.</param>
internal sealed record ReportTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, string Note)
{
    private static readonly string[] ComparisonColumns = ["metric", "arm", "units", "control", "arm's", "difference", "interval", "p", "verdict"];

    /// <summary>All tables of an experiment that have something to show.</summary>
    public static IEnumerable<ReportTable> Of(ExperimentState state)
    {
        if (state.Findings is not { } findings)
        {
            yield break;
        }

        ExperimentDefinition definition = state.Definition;
        yield return new(
            "Division of units",
            ["arm", "units", "planned", "seen"],
            [.. findings.Units.Select(one => (IReadOnlyList<string>)[one.Arm, ReportText.Count(one.Units), ReportText.Percent(one.Share), ReportText.Percent(Seen(one, findings))])],
            $"p = {ReportText.PValue(state.SharesPValue)} that chance alone divides so unevenly, valid at every look (Dirichlet-multinomial test). Below 0.001 something is wrong with the experiment itself, and nothing is concluded.{(state.TurnedAway > 0 ? $" {ReportText.Count(state.TurnedAway)} requests came from entities for which there was no room." : "")}");
        yield return new(
            "Primary metric",
            ComparisonColumns,
            [.. findings.Primary.Select(Row)],
            $"The chance of any false conclusion in this table is {ReportText.Percent(definition.Alpha)} at most (Holm's procedure over the arms). Smallest effect worth having: {ReportText.Number(definition.MinimalEffect)}.{Saved(findings)}");
        if (findings.Primary.Any(static one => one.ProbabilityBetter is not null))
        {
            yield return new(
                "As a Bayesian sees it",
                ["arm", "chance to be better", "expected loss if chosen"],
                [.. findings.Primary.Select(static one => (IReadOnlyList<string>)[one.Arm, ReportText.Percent(one.ProbabilityBetter), ReportText.Number(one.ExpectedLoss)])],
                "With no opinion beforehand. These chances are not corrected for looking: they inform, and decide nothing.");
        }

        if (findings.Guardrails.Count > 0)
        {
            yield return new(
                "Guardrails",
                [.. ComparisonColumns.Select(static column => column == "p" ? "margin" : column)],
                [.. findings.Guardrails.Select(static one => (IReadOnlyList<string>)[.. Row(one).Take(7), ReportText.Number(one.Margin), ReportText.Verdict(one.Verdict)])],
                $"\"worse\": worse by more than the margin; falsely said with a chance of {ReportText.Percent(definition.Alpha)} at most over the whole table. \"safe\": proven not to be. Both at every look.");
        }

        if (findings.Secondary.Count > 0)
        {
            yield return new(
                "Secondary metrics", ComparisonColumns, [.. findings.Secondary.Select(Row)],
                $"Of the verdicts in this table a share of {ReportText.Percent(definition.Alpha)} at most is false on average (e-BH).");
        }

        if (findings.Segments.Count > 0)
        {
            yield return new(
                "Segments",
                ["segment", "arm", "units", "difference", "interval", "evidence", "another effect than outside"],
                [.. findings.Segments.Select(static one => (IReadOnlyList<string>)
                [
                    $"{one.Dimension} = {one.Segment}", one.Comparison.Arm, ReportText.Count(one.Comparison.ControlUnits + one.Comparison.Units), ReportText.Number(one.Comparison.Difference),
                    ReportText.Interval(one.Comparison), ReportText.Number(one.Evidence), one.Deviates ? "yes" : "not shown",
                ])],
                $"Intervals hold for one segment each, not for all at once. Of those said to deviate a share of {ReportText.Percent(definition.Alpha)} at most is false on average (e-BH).");
        }
    }

    private static IReadOnlyList<string> Row(Comparison one) =>
    [
        one.Metric, one.Arm, $"{ReportText.Count(one.ControlUnits)} / {ReportText.Count(one.Units)}", ReportText.Number(one.ControlValue), ReportText.Number(one.Value),
        ReportText.Number(one.Difference), ReportText.Interval(one), ReportText.PValue(one.PValue), ReportText.Verdict(one.Verdict),
    ];

    private static double? Seen(ArmUnits one, ExperimentFindings findings) => findings.Units.Sum(static arm => arm.Units) is > 0 and var all ? (double)one.Units / all : null;

    private static string Saved(ExperimentFindings findings) => findings.Primary.Count > 0 && findings.Primary[0].VarianceLeft is { } left
        ? $" What was known of the units before leaves {ReportText.Percent(left)} of the variance (CUPED)."
        : "";
}
