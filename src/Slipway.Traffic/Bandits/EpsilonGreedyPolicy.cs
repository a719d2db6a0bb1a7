namespace Slipway.Traffic.Bandits;

/// <summary>The arm with the best mean so far, but any arm for a share of requests.</summary>
/// <param name="epsilon">Share of requests that try any arm, 0 to 1.</param>
public sealed class EpsilonGreedyPolicy(double epsilon) : IBanditPolicy
{
    /// <inheritdoc/>
    public double RenewAfter => 0;

    /// <inheritdoc/>
    public void Distribute(ReadOnlySpan<ArmReward> arms, Span<double> shares)
    {
        if (!UnknownArms.Divide(arms, shares))
        {
            Span<double> means = stackalloc double[arms.Length];
            for (int i = 0; i < arms.Length; i++)
            {
                means[i] = arms[i].Mean;
            }

            UnknownArms.GiveToLargest(means, shares);
        }

        foreach (ref double share in shares)
        {
            share = (epsilon / arms.Length) + ((1 - epsilon) * share);
        }
    }
}
