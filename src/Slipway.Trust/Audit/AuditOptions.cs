namespace Slipway.Trust.Audit;

/// <summary>How a log is kept.</summary>
public sealed record AuditOptions
{
    /// <summary>A checkpoint is signed after this many entries. Default 256.</summary>
    public int CheckpointEntries { get; init; } = 256;

    /// <summary>A checkpoint is signed at the latest this long after an entry that none covers. Default 5 minutes.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Most events that wait to be written; more are refused. Default 4096.</summary>
    public int MaxWaiting { get; init; } = 4096;
}
