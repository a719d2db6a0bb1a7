namespace Slipway.Client.Endpoints;

/// <summary>A bandit.</summary>
/// <param name="Policy"><c>thompson</c>, <c>ucb1</c>, <c>epsilon-greedy</c> or <c>linucb</c>.</param>
/// <param name="Metric">Name of the metric that feedback reports as the reward.</param>
/// <param name="Open">Decisions of this replica whose window is open, rewarded ones among them.</param>
/// <param name="PushedOut">Decisions that had to go before their window was over, because there were too many.</param>
/// <param name="UnknownRewards">Rewards of requests that were not known, or no more.</param>
/// <param name="Logged">Decisions with rewards that this replica keeps for off-policy evaluation.</param>
public sealed record BanditDescription(string Policy, string Metric, int Open, long PushedOut, long UnknownRewards, int Logged);

/// <summary>What a bandit knows of an arm.</summary>
/// <param name="Decisions">Requests that this replica sent to it.</param>
/// <param name="Share">Its percentage, averaged over about the last thousand decisions.</param>
/// <param name="Rewards">Rewards that came to this replica.</param>
/// <param name="Weight">Weight of all rewards known, of all replicas; faded ones in part.</param>
public sealed record ArmRewardDescription(long Decisions, double Share, long Rewards, double Weight)
{
    /// <summary>Mean reward; null without any.</summary>
    public double? Mean { get; init; }
}
