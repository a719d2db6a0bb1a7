namespace Slipway.Trust.Audit;

/// <summary>What the check of a log found.</summary>
/// <param name="Entries">Entries that follow one another from the first on.</param>
/// <param name="Root">Root of the Merkle tree over them.</param>
/// <param name="Checkpoint">The last signed checkpoint that holds: entries up to its size are as they were when it was signed. Null: there was none.</param>
/// <param name="Fault">The first thing that is wrong; null when nothing is.</param>
public sealed record AuditReport(long Entries, byte[] Root, AuditCheckpoint? Checkpoint, AuditFault? Fault);
