using Slipway.Core;
using Slipway.Trust.Keys;

namespace Slipway.Trust.Audit;

/// <summary>Checks a log offline: the chain of its entries, and the signed checkpoints against the tree of the entries.</summary>
public static class AuditVerifier
{
    /// <summary>Checks a log and gives every entry out on the way.</summary>
    /// <param name="store">The log.</param>
    /// <param name="keys">Keys whose checkpoints count; empty: checkpoints are not looked at.</param>
    /// <param name="onEntry">Told of each entry that follows; null: nobody is.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<AuditReport> VerifyAsync(
        IAuditStore store, IReadOnlyList<VerificationKey> keys, Func<AuditEntry, ValueTask>? onEntry, CancellationToken cancellationToken)
    {
        AuditChain chain = new();
        List<AuditCheckpoint> checkpoints = [];
        if (keys.Count > 0)
        {
            try
            {
                checkpoints.AddRange((await store.ReadCheckpointsAsync(cancellationToken)).Select(line => AuditCheckpoint.Open(line, keys)));
            }
            catch (SlipwayException fault)
            {
                return new AuditReport(0, chain.Tree.Root(), null, new AuditFault(1, $"a checkpoint of the log has been altered: {fault.Message}"));
            }
        }

        (AuditCheckpoint? covered, AuditFault? found) = await ReplayAsync(chain, store, checkpoints, onEntry, cancellationToken);
        return new AuditReport(chain.Count, chain.Tree.Root(), covered, found);
    }

    /// <summary>Reads a log into a chain, entry after entry, and compares with each checkpoint where its length is reached.</summary>
    /// <returns>The last checkpoint that holds, and the first thing that is wrong.</returns>
    internal static async Task<(AuditCheckpoint? Covered, AuditFault? Fault)> ReplayAsync(
        AuditChain chain, IAuditStore store, IEnumerable<AuditCheckpoint> checkpoints, Func<AuditEntry, ValueTask>? onEntry, CancellationToken cancellationToken)
    {
        Queue<AuditCheckpoint> ahead = new(checkpoints.OrderBy(static checkpoint => checkpoint.Size));
        AuditCheckpoint? covered = null;
        await foreach (AuditLine line in store.ReadAsync(cancellationToken))
        {
            if (!line.IsWhole)
            {
                return (covered, new AuditFault(chain.Count + 1, $"entry {chain.Count + 1} is cut off: it was being written at a crash, or the log was cut"));
            }

            if (chain.Take(line.Bytes, out AuditEntry? entry) is { } fault)
            {
                return (covered, fault);
            }

            for (; ahead.TryPeek(out AuditCheckpoint? next) && next.Size == chain.Count; covered = ahead.Dequeue())
            {
                if (!next.Root.AsSpan().SequenceEqual(chain.Tree.Root()))
                {
                    long first = (covered?.Size ?? 0) + 1;
                    return (covered, new AuditFault(first, $"entries {first} to {next.Size} are not those that were signed at {next.Time:u}: one of them, {first} the earliest, has been altered"));
                }
            }

            if (onEntry is not null)
            {
                await onEntry(entry!);
            }
        }

        // What was signed for and is not there.
        return ahead.TryPeek(out AuditCheckpoint? beyond) && beyond.Size > chain.Count
            ? (covered, new AuditFault(chain.Count + 1, $"entry {chain.Count + 1} is missing: there were {beyond.Size} entries at {beyond.Time:u}"))
            : (covered, null);
    }
}
