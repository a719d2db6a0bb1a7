using System.Collections.Concurrent;

namespace Slipway.Traffic.Experiments;

/// <summary>Records in memory, for servers that keep nothing between runs.</summary>
public sealed class MemoryExperimentStore : IExperimentStore
{
    private readonly ConcurrentDictionary<string, byte[]> _records = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken) => Task.FromResult(_records.GetValueOrDefault(name));

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([.. _records.Keys]);

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        _records.TryRemove(name, out _);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task WriteAsync(string name, byte[] record, CancellationToken cancellationToken)
    {
        _records[name] = record;
        return Task.CompletedTask;
    }
}
