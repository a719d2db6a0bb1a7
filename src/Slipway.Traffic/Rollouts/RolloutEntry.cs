namespace Slipway.Traffic.Rollouts;

/// <summary>A rollout as one replica has it: the state, what is still to be written of it, and what was counted here and elsewhere. Guarded by who owns it.</summary>
/// <param name="state">The state.</param>
/// <param name="revision">The revision at which the store has it.</param>
internal sealed class RolloutEntry(RolloutState state, long revision)
{
    /// <summary>The state.</summary>
    public RolloutState State { get; set; } = state;

    /// <summary>The revision at which the store had it last.</summary>
    public long Revision { get; set; } = revision;

    /// <summary>Whether the state is not what the store has.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Events that are not written yet.</summary>
    public List<RolloutEvent> Waiting { get; } = [];

    /// <summary>Counts of this replica while the rollout goes on; null otherwise.</summary>
    public RolloutWatch? Watch { get; set; }

    /// <summary>Feedback of this replica while the rollout goes on and its policy asks for it; null otherwise.</summary>
    public QualityWatch? Quality { get; set; }

    /// <summary>What this replica has counted.</summary>
    public IReadOnlyList<StageCounts> Own { get; set; } = [];

    /// <summary>What of it is written.</summary>
    public IReadOnlyList<StageCounts> OwnWritten { get; set; } = [];

    /// <summary>What others have counted, by replica, those that are gone among them.</summary>
    public Dictionary<string, IReadOnlyList<StageCounts>> Others { get; } = new(StringComparer.Ordinal);

    /// <summary>When counts last made the state dirty, and when they were last an event.</summary>
    public (long Noted, long Counted) Since { get; set; }

    /// <summary>Whether the alias that was moved is visible here, so that the endpoint goes by it again.</summary>
    public bool IsFollowing { get; set; }

    /// <summary>Everything that was counted, up to the present step.</summary>
    public IReadOnlyList<StageCounts> Total() => StageCounts.Sum([.. Own, .. Others.Values.SelectMany(static stages => stages)], State.Step);
}
