namespace Slipway.Traffic.Bandits;

/// <summary>Rewards of one arm, each in [0, 1]; old ones may weigh less than new ones. Those of replicas add up.</summary>
/// <param name="Count">Weight of the rewards.</param>
/// <param name="Sum">Weighted sum of the rewards.</param>
public readonly record struct ArmReward(double Count, double Sum)
{
    /// <summary>Mean reward; 0 without any.</summary>
    public double Mean => Count > 0 ? Sum / Count : 0;

    /// <summary>With one more reward.</summary>
    public ArmReward Add(double reward) => new(Count + 1, Sum + reward);

    /// <summary>Both together.</summary>
    public ArmReward Plus(ArmReward other) => new(Count + other.Count, Sum + other.Sum);

    /// <summary>With everything known weighing less: a factor from 0 to 1.</summary>
    public ArmReward Fade(double factor) => new(Count * factor, Sum * factor);
}
