namespace Slipway.Traffic.Bandits;

/// <summary>Everything that rewards have taught of an arm, as sums that add up over replicas. Not thread-safe.</summary>
/// <param name="features">Numbers in a context; 0: there are none.</param>
internal sealed class ArmSums(int features)
{
    /// <summary>The rewards.</summary>
    public ArmReward Reward { get; set; }

    /// <summary>Rewards by context; null where there are no contexts.</summary>
    public LinearSums? Linear { get; } = features > 0 ? new LinearSums(features) : null;

    /// <summary>Takes a reward.</summary>
    public void Add(double[]? context, double reward)
    {
        Reward = Reward.Add(reward);
        if (context is not null)
        {
            Linear?.Add(context, reward);
        }
    }

    /// <summary>Adds others of as many features.</summary>
    public void Add(ArmSums other)
    {
        Reward = Reward.Plus(other.Reward);
        if (other.Linear is { } linear)
        {
            Linear?.Add(linear);
        }
    }

    /// <summary>Makes everything known weigh less.</summary>
    public void Fade(double factor)
    {
        Reward = Reward.Fade(factor);
        Linear?.Fade(factor);
    }
}
