namespace Slipway.Traffic.Bandits;

/// <summary>An arm that a bandit has chosen, and with which probability. Immutable; thread-safe.</summary>
/// <param name="memory">Whom to tell what becomes of it.</param>
/// <param name="arm">Position of the arm.</param>
/// <param name="key">Key of the arm.</param>
/// <param name="propensity">Probability with which it was chosen.</param>
/// <param name="context">Context of the request; null where there are none.</param>
internal sealed class BanditDecision(BanditMemory memory, int arm, string key, double propensity, double[]? context)
{
    /// <summary>Position of the arm.</summary>
    public int Arm => arm;

    /// <summary>Probability with which it was chosen.</summary>
    public double Propensity => propensity;

    /// <summary>The arm has answered.</summary>
    /// <param name="id">The id by which the reward will name the request.</param>
    public void Answered(string id) => memory.Answered(id, key, propensity, context);

    /// <summary>The arm has failed.</summary>
    public void Failed() => memory.Failed(key, propensity, context);
}
