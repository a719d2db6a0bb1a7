using Slipway.Client.Experiments;
using Slipway.Traffic.Experiments;

namespace Slipway.Server.Traffic;

/// <summary>Experiments as the management API tells them.</summary>
internal static class ExperimentForms
{
    /// <summary>An experiment.</summary>
    public static ExperimentDescription Describe(ExperimentState state)
    {
        ExperimentFindings? findings = state.Findings;
        return new ExperimentDescription(
            state.Definition.Name,
            state.Definition.Endpoint,
            Word(state.Phase),
            state.Reason,
            state.IsMismatched,
            state.SharesPValue,
            [.. (findings?.Units ?? [.. state.Arms.Select((arm, i) => new ArmUnits(arm, 0, state.Shares[i]))]).Select(one => new ExperimentArmBody(one.Arm, one.Units, one.Share)
            {
                Verdict = state.Conclusions.TryGetValue(one.Arm, out Verdict verdict) ? Word(verdict) : null,
            })],
            findings is null ? [] :
            [
                .. findings.Primary.Select(static one => Describe("primary", one)),
                .. findings.Guardrails.Select(static one => Describe("guardrail", one)),
                .. findings.Secondary.Select(static one => Describe("secondary", one)),
            ])
        {
            Started = state.Started,
            Ended = state.Ended,
        };
    }

    private static ExperimentComparisonBody Describe(string role, Comparison one) => new(role, one.Metric, one.Arm, one.ControlUnits, one.Units, Word(one.Verdict))
    {
        ControlValue = one.ControlValue,
        Value = one.Value,
        Difference = one.Difference,
        Low = one.Low,
        High = one.High,
        PValue = one.PValue,
    };

    private static string Word(Enum value)
    {
        string name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
