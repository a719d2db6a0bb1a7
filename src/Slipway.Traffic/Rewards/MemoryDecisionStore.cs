using System.Collections.Concurrent;

namespace Slipway.Traffic.Rewards;

/// <summary>Decisions in memory, for servers that keep nothing between runs.</summary>
public sealed class MemoryDecisionStore : IDecisionStore
{
    private readonly ConcurrentDictionary<string, byte[]> _records = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<byte[]?> ReadAsync(string endpoint, CancellationToken cancellationToken) => Task.FromResult(_records.GetValueOrDefault(endpoint));

    /// <inheritdoc/>
    public Task WriteAsync(string endpoint, byte[] record, CancellationToken cancellationToken)
    {
        _records[endpoint] = record;
        return Task.CompletedTask;
    }
}
