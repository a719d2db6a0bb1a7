namespace Slipway.Traffic.Bandits;

/// <summary>
/// Each arm with the probability that it is the best one, given beta laws of the rewards (Thompson 1933; Chapelle and Li 2011). Rewards between 0 and 1 count in part.
/// </summary>
public sealed class ThompsonPolicy : IBanditPolicy
{
    private readonly ArmReward[] _priors;

    /// <param name="priors">What each arm is thought to have earned beforehand: successes and failures above 0 each; empty: one of both.</param>
    public ThompsonPolicy(params ArmReward[] priors) => _priors = priors;

    /// <inheritdoc/>
    public double RenewAfter => 0.005;

    /// <inheritdoc/>
    public void Distribute(ReadOnlySpan<ArmReward> arms, Span<double> shares)
    {
        Span<(double Successes, double Failures)> laws = stackalloc (double, double)[arms.Length];
        for (int i = 0; i < arms.Length; i++)
        {
            ArmReward prior = i < _priors.Length ? _priors[i] : new ArmReward(2, 1);
            laws[i] = (prior.Sum + arms[i].Sum, prior.Count - prior.Sum + Math.Max(0, arms[i].Count - arms[i].Sum));
        }

        BestOfBetas.Probabilities(laws, shares);
    }
}
