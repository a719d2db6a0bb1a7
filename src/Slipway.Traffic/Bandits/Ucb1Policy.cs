namespace Slipway.Traffic.Bandits;

/// <summary>
/// The arm with the largest upper confidence bound, mean + √(2 ln n / nᵢ) (UCB1: Auer, Cesa-Bianchi and Fischer 2002). Its regret after n requests is at most 8 Σ ln n / Δ + (1 + π²/3) Σ Δ.
/// </summary>
/// <param name="exploration">Factor of the bound's width, above 0; 1 (default) is UCB1, less explores less and promises less.</param>
public sealed class Ucb1Policy(double exploration = 1) : IBanditPolicy
{
    /// <inheritdoc/>
    public double RenewAfter => 0;

    /// <inheritdoc/>
    public void Distribute(ReadOnlySpan<ArmReward> arms, Span<double> shares)
    {
        if (UnknownArms.Divide(arms, shares))
        {
            return;
        }

        double total = 0;
        foreach (ArmReward arm in arms)
        {
            total += arm.Count;
        }

        Span<double> bounds = stackalloc double[arms.Length];
        for (int i = 0; i < arms.Length; i++)
        {
            bounds[i] = arms[i].Mean + (exploration * Math.Sqrt(2 * Math.Log(total) / arms[i].Count));
        }

        UnknownArms.GiveToLargest(bounds, shares);
    }
}
