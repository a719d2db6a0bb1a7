namespace Slipway.Traffic.Endpoints;

/// <summary>Lets rewards divide an endpoint's traffic instead of weights. Immutable.</summary>
/// <param name="Kind">How requests are divided.</param>
public sealed record BanditDefinition(BanditKind Kind)
{
    /// <summary>Name of the metric that feedback reports as the reward.</summary>
    public string Metric { get; init; } = "reward";

    /// <summary>The least reward there is. Default 0.</summary>
    public double RewardFrom { get; init; }

    /// <summary>The largest, above <see cref="RewardFrom"/>. Default 1.</summary>
    public double RewardTo { get; init; } = 1;

    /// <summary>The reward of an answer of which nothing is heard within <see cref="Window"/>; null (default): such answers don't count.</summary>
    public double? RewardIfNone { get; init; }

    /// <summary>How long after the answer a reward may come. Default one hour.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Percentage of requests that every arm gets at least, so that none is forgotten. Default 1.</summary>
    public double Floor { get; init; } = 1;

    /// <summary>Time after which a reward counts half; null (default): rewards never fade.</summary>
    public TimeSpan? HalfLife { get; init; }

    /// <summary>Share of requests that try any arm, 0 to 1; for <see cref="BanditKind.EpsilonGreedy"/> only. Default 0.1.</summary>
    public double Epsilon { get; init; } = 0.1;

    /// <summary>How much uncertainty draws, above 0; for <see cref="BanditKind.Ucb1"/> and <see cref="BanditKind.LinUcb"/> only. Default 1.</summary>
    public double Exploration { get; init; } = 1;

    /// <summary>What every arm is thought to have earned beforehand; for <see cref="BanditKind.Thompson"/> only.</summary>
    public BanditPrior Prior { get; init; } = new(1, 1);

    /// <summary>The same for single arms, by name.</summary>
    public IReadOnlyDictionary<string, BanditPrior> Priors { get; init; } = new Dictionary<string, BanditPrior>();

    /// <summary>Where requests carry numbers that tell which arm suits; needed by <see cref="BanditKind.LinUcb"/>, and recorded for off-policy evaluation with any policy.</summary>
    public IReadOnlyList<ContextField> Context { get; init; } = [];

    /// <summary>Most answers whose reward is waited for; more push out the oldest. Default 100,000.</summary>
    public int MaxOpen { get; init; } = 100_000;

    /// <summary>Most rewarded decisions that are kept for off-policy evaluation. Default 10,000.</summary>
    public int Log { get; init; } = 10_000;

    /// <summary>Numbers in a context with the constant one; 0 without a context.</summary>
    public int Features => Context.Count == 0 ? 0 : 1 + Context.Sum(static one => one.Length);
}

/// <summary>Rewards and missed rewards, in whole ones, that are assumed before any came.</summary>
/// <param name="Successes">Rewards, above 0.</param>
/// <param name="Failures">Missed rewards, above 0.</param>
public sealed record BanditPrior(double Successes, double Failures);

/// <summary>How a bandit divides requests.</summary>
public enum BanditKind
{
    /// <summary>Each arm with the probability that it is the best.</summary>
    Thompson,

    /// <summary>The arm with the largest upper confidence bound.</summary>
    Ucb1,

    /// <summary>The best arm so far, but any arm for a share of requests.</summary>
    EpsilonGreedy,

    /// <summary>The arm with the largest upper bound in the context of the request.</summary>
    LinUcb,
}
