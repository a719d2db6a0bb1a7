using Slipway.Core;
using Slipway.Traffic.Rollouts;

namespace Slipway.Traffic.Tests.Rollouts;

/// <summary>Shared records that can be away, for all or for one replica.</summary>
internal sealed class FailingRecords(ISharedRecords? inner = null) : ISharedRecords
{
    private readonly ISharedRecords _inner = inner ?? new MemorySharedRecords();

    public volatile bool IsAway;

    public Task<IReadOnlyList<SharedRecord>> ReadAsync(string kind, long after, CancellationToken cancellationToken) =>
        IsAway ? Task.FromException<IReadOnlyList<SharedRecord>>(new IOException("away")) : _inner.ReadAsync(kind, after, cancellationToken);

    public Task<long?> WriteAsync(IReadOnlyList<SharedWrite> writes, CancellationToken cancellationToken) =>
        IsAway ? Task.FromException<long?>(new IOException("away")) : _inner.WriteAsync(writes, cancellationToken);
}
