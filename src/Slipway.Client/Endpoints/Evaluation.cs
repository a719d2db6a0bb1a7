namespace Slipway.Client.Endpoints;

/// <summary>Asks what another division of an endpoint's traffic would have earned. Either shares are given, or <paramref name="ByContext"/> is true.</summary>
/// <param name="Shares">Percentages by arm, together 100.</param>
/// <param name="ByContext">Each request to the arm of which a regression on its context expects most.</param>
public sealed record EvaluationRequest(IReadOnlyDictionary<string, double>? Shares = null, bool ByContext = false);

/// <summary>What another division would have earned.</summary>
/// <param name="Decisions">Decisions that were looked at.</param>
/// <param name="EffectiveDecisions">How many of the other division's own would tell as much.</param>
/// <param name="LargestWeight">How much the heaviest decision weighs; a mean one weighs 1.</param>
/// <param name="Logged">Mean reward of what was done.</param>
/// <param name="Ips">By inverse propensity scores.</param>
/// <param name="Snips">The same, self-normalised.</param>
/// <param name="DoublyRobust">With a regression of the rewards.</param>
public sealed record EvaluationAnswer(
    int Decisions, double EffectiveDecisions, double LargestWeight, RewardEstimate Logged, RewardEstimate Ips, RewardEstimate Snips, RewardEstimate DoublyRobust);

/// <summary>An estimated mean reward.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="Low">Lower end of its interval at 95 percent; null where nothing can be said.</param>
/// <param name="High">Upper end.</param>
public sealed record RewardEstimate(double Value, double? Low, double? High);
