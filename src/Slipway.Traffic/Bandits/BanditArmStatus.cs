namespace Slipway.Traffic.Bandits;

/// <summary>What a bandit knows of an arm.</summary>
/// <param name="Decisions">Requests that this process sent to it.</param>
/// <param name="Share">Its probability, averaged over about the last thousand decisions.</param>
/// <param name="Rewards">Rewards that came to this process.</param>
/// <param name="Weight">Weight of all rewards known, of all replicas; faded ones in part.</param>
/// <param name="MeanReward">Their mean; null without any.</param>
public sealed record BanditArmStatus(long Decisions, double Share, long Rewards, double Weight, double? MeanReward);
