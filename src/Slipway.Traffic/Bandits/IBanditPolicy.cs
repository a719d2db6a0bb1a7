namespace Slipway.Traffic.Bandits;

/// <summary>
/// Divides requests among arms by what is known of them. It gives probabilities rather than an arm, so that the probability with which an arm was chosen is known exactly: off-policy
/// evaluation lives on it. Pure; thread-safe.
/// </summary>
public interface IBanditPolicy
{
    /// <summary>Which part of the rewards has to be new before the division is worth computing anew; 0: with every reward.</summary>
    double RenewAfter { get; }

    /// <summary>Probability of each arm for the next request.</summary>
    /// <param name="arms">What is known of each, at least one.</param>
    /// <param name="shares">As long as <paramref name="arms"/>; sums to 1 afterwards.</param>
    void Distribute(ReadOnlySpan<ArmReward> arms, Span<double> shares);
}
