namespace Slipway.Traffic.Bandits;

/// <summary>A decision whose reward is not known yet, or just became known.</summary>
/// <param name="id">Hash of the id of the request.</param>
/// <param name="arm">Key of the arm.</param>
/// <param name="propensity">Probability with which it was chosen.</param>
/// <param name="context">Context; null where there are none.</param>
/// <param name="at">When it was answered, in ticks of UTC.</param>
internal sealed class OpenDecision(ulong id, string arm, double propensity, double[]? context, long at)
{
    /// <summary>Hash of the id of the request.</summary>
    public ulong Id => id;

    /// <summary>Key of the arm.</summary>
    public string Arm => arm;

    /// <summary>Probability with which it was chosen.</summary>
    public double Propensity => propensity;

    /// <summary>Context; null where there are none.</summary>
    public double[]? Context => context;

    /// <summary>When it was answered, in ticks of UTC.</summary>
    public long At => at;

    /// <summary>Whether it has its reward. It stays for its window all the same, so that a reward that comes twice is known for one.</summary>
    public bool IsRewarded { get; set; }
}
