namespace Slipway.Traffic.Bandits;

/// <summary>A decision and what it earned.</summary>
/// <param name="At">When it was answered, in ticks of UTC.</param>
/// <param name="Arm">Key of the arm.</param>
/// <param name="Propensity">Probability with which it was chosen, above 0.</param>
/// <param name="Reward">What it earned, 0 to 1.</param>
/// <param name="Context">Context; null where there are none.</param>
internal sealed record LoggedDecision(long At, string Arm, double Propensity, double Reward, double[]? Context);
