using Slipway.Core;

namespace Slipway.Traffic.Rollouts;

/// <summary>Shared records in memory, for servers that keep nothing between runs, and for replicas in one process.</summary>
public sealed class MemorySharedRecords : ISharedRecords
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Kind, string Key), SharedRecord> _records = [];
    private long _revision;

    /// <inheritdoc/>
    public Task<IReadOnlyList<SharedRecord>> ReadAsync(string kind, long after, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<SharedRecord>>(
                [.. _records.Where(pair => pair.Key.Kind == kind && pair.Value.Revision > after).Select(static pair => pair.Value).OrderBy(static record => record.Revision)]);
        }
    }

    /// <inheritdoc/>
    public Task<long?> WriteAsync(IReadOnlyList<SharedWrite> writes, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (writes.Any(write => write.Expected is { } expected && expected != (_records.GetValueOrDefault((write.Kind, write.Key))?.Revision ?? 0)))
            {
                return Task.FromResult<long?>(null);
            }

            _revision++;
            foreach (SharedWrite write in writes)
            {
                _records[(write.Kind, write.Key)] = new SharedRecord(write.Key, _revision, write.Value);
            }

            return Task.FromResult<long?>(_revision);
        }
    }
}
