namespace Slipway.Traffic.Experiments.Reporting;

/// <summary>What stands at the head of a report.</summary>
internal static class ReportFacts
{
    /// <summary>Names and values, in order.</summary>
    public static IEnumerable<(string Name, string Value)> Of(ExperimentState state)
    {
        ExperimentDefinition definition = state.Definition;
        yield return ("state", $"{ReportText.Phase(state)} – {state.Reason}");
        if (definition.Hypothesis.Length > 0)
        {
            yield return ("hypothesis", definition.Hypothesis);
        }

        yield return ("endpoint", definition.Endpoint);
        if (state.Arms.Count > 0)
        {
            yield return ("arms", $"{state.Arms[0]} (control), {string.Join(", ", state.Arms.Skip(1))}");
        }

        yield return ("decides", $"{definition.Primary}, {ReportText.Rule(definition)}");
        yield return ("errors allowed", $"alpha {ReportText.Number(definition.Alpha)}, beta {ReportText.Number(definition.Beta)}");
        yield return ("time", $"{ReportText.Time(state.Started)} to {(state.Ended is null ? $"{ReportText.Time(state.Started + definition.MaxDuration)} at most" : ReportText.Time(state.Ended))}, {ReportText.Count(state.Looks)} looks");
    }
}
