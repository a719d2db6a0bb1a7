using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Cli.Experiments;

/// <summary>What <c>slipway experiment plan --json</c> prints. Names are API.</summary>
/// <param name="Metric"><c>proportion</c>, <c>mean</c> or <c>quantile</c>.</param>
/// <param name="Baseline">What the control has.</param>
/// <param name="Effect">The smallest difference worth seeing, absolute.</param>
/// <param name="Alpha">Chance of a false finding, over all comparisons.</param>
/// <param name="Beta">Chance of missing the effect.</param>
/// <param name="PeekingError">Chance of a false finding when a fixed sample is looked at every day (ten times, without <c>--daily</c>; fifty at most).</param>
/// <param name="Designs">One answer for each design.</param>
internal sealed record PlanAnswer(string Metric, double Baseline, double Effect, double Alpha, double Beta, double PeekingError, IReadOnlyList<PlanDesignAnswer> Designs);

/// <summary>What one design needs.</summary>
/// <param name="Design"><c>fixed</c>, <c>group-sequential</c> or <c>always-valid</c>.</param>
/// <param name="Units">Most units of each arm, the control first.</param>
/// <param name="TotalUnits">All of them.</param>
/// <param name="AlphaPerComparison">Chance of a false finding of one comparison.</param>
/// <param name="Inflation">Largest total over that of a fixed sample.</param>
/// <param name="ExpectedUnits">Total on average when there is the effect.</param>
/// <param name="Boundaries">Boundaries of |z|, where looks are planned.</param>
internal sealed record PlanDesignAnswer(
    string Design, IReadOnlyList<long> Units, long TotalUnits, double AlphaPerComparison, double Inflation, double ExpectedUnits, IReadOnlyList<double> Boundaries)
{
    /// <summary>Days until the largest total; null without daily traffic.</summary>
    public double? Days { get; init; }

    /// <summary>Days on average when there is the effect; null without daily traffic.</summary>
    public double? ExpectedDays { get; init; }

    /// <summary>Smallest effect that is seen in the days that there are; null when not asked for, or when there is none.</summary>
    public double? DetectableEffect { get; init; }
}

/// <summary>JSON of plans, generated at build time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PlanAnswer))]
internal sealed partial class PlanJson : JsonSerializerContext;
