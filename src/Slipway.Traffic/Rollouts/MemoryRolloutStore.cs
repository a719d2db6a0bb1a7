namespace Slipway.Traffic.Rollouts;

/// <summary>Events in memory, for servers that keep nothing between runs.</summary>
public sealed class MemoryRolloutStore : IRolloutStore
{
    private readonly Lock _gate = new();
    private readonly List<RolloutEvent> _events = [];

    /// <inheritdoc/>
    public Task AppendAsync(IReadOnlyList<RolloutEvent> events, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _events.AddRange(events);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RolloutEvent>> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<RolloutEvent>>([.. _events]);
        }
    }
}
