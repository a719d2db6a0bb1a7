namespace Slipway.Traffic.Bandits;

/// <summary>What another division would have earned, in the unit of the rewards.</summary>
/// <param name="Decisions">Decisions that were looked at.</param>
/// <param name="EffectiveDecisions">How many of the other division's own would tell as much: far below <paramref name="Decisions"/>, the estimates lean on few.</param>
/// <param name="LargestWeight">How much the heaviest decision weighs; a mean one weighs 1.</param>
/// <param name="Logged">What was earned.</param>
/// <param name="Ips">Inverse propensity scores.</param>
/// <param name="Snips">The same, self-normalised.</param>
/// <param name="DoublyRobust">With a regression of the rewards, fitted on the other half of the log.</param>
public sealed record OffPolicyFindings(
    int Decisions, double EffectiveDecisions, double LargestWeight, OffPolicyEstimate Logged, OffPolicyEstimate Ips, OffPolicyEstimate Snips, OffPolicyEstimate DoublyRobust);
