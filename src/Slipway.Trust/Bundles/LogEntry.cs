namespace Slipway.Trust.Bundles;

/// <summary>An entry of a transparency log (Sigstore's <c>TransparencyLogEntry</c>).</summary>
/// <param name="LogIndex">Number of the entry in all shards of the log.</param>
/// <param name="LogId">SHA-256 of the log's public key.</param>
/// <param name="Kind">Kind of the body, e.g. <c>dsse</c>.</param>
/// <param name="IntegratedTime">When it was logged, in seconds since 1970; 0 when the log doesn't say.</param>
/// <param name="Body">The body that the log keeps (canonical JSON).</param>
public sealed record LogEntry(long LogIndex, byte[] LogId, string Kind, long IntegratedTime, byte[] Body)
{
    /// <summary>The log's promise to include the entry, which also binds the time (signed entry timestamp); null when there is none.</summary>
    public byte[]? SignedEntryTimestamp { get; init; }

    /// <summary>The proof that the entry is in the log; null when there is none.</summary>
    public InclusionProof? Proof { get; init; }
}

/// <summary>A Merkle inclusion proof (RFC 6962) with the signed checkpoint that it leads to.</summary>
/// <param name="LogIndex">Number of the entry in its shard.</param>
/// <param name="TreeSize">Size of the shard.</param>
/// <param name="RootHash">Root of the shard's tree.</param>
/// <param name="Hashes">The path, from the leaf up.</param>
/// <param name="Checkpoint">The signed note.</param>
public sealed record InclusionProof(long LogIndex, long TreeSize, byte[] RootHash, IReadOnlyList<byte[]> Hashes, string Checkpoint);
