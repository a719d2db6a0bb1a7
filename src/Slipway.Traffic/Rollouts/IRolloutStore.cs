namespace Slipway.Traffic.Rollouts;

/// <summary>Keeps events of rollouts. Thread-safe.</summary>
public interface IRolloutStore
{
    /// <summary>Writes events for good, in order.</summary>
    /// <exception cref="IOException">The store can't be written to now; trying again may help.</exception>
    Task AppendAsync(IReadOnlyList<RolloutEvent> events, CancellationToken cancellationToken);

    /// <summary>All events, oldest first.</summary>
    /// <exception cref="IOException">The store can't be read.</exception>
    Task<IReadOnlyList<RolloutEvent>> ReadAsync(CancellationToken cancellationToken);
}
