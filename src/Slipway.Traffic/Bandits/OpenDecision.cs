namespace Slipway.Traffic.Bandits;

/// <summary>A decision whose reward is not known yet, or just became known.</summary>
/// <param name="Id">Hash of the id of the request.</param>
/// <param name="Arm">Key of the arm.</param>
/// <param name="Propensity">Probability with which it was chosen.</param>
/// <param name="Context">Context; null where there are none.</param>
/// <param name="At">When it was answered, in ticks of UTC.</param>
internal readonly record struct OpenDecision(ulong Id, string Arm, double Propensity, double[]? Context, long At)
{
    /// <summary>Whether it has its reward. It stays for its window all the same, so that a reward that comes twice is known for one.</summary>
    public bool IsRewarded { get; init; }
}
