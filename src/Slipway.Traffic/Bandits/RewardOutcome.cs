namespace Slipway.Traffic.Bandits;

/// <summary>What became of a reward.</summary>
internal enum RewardOutcome
{
    /// <summary>It counts.</summary>
    Counted,

    /// <summary>The decision has its reward already.</summary>
    Repeated,

    /// <summary>No decision of this id waits for a reward.</summary>
    Unknown,
}
