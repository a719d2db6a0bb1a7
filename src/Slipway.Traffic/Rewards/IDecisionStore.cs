namespace Slipway.Traffic.Rewards;

/// <summary>Keeps a process's own decisions over a restart, one record for each endpoint. Thread-safe.</summary>
public interface IDecisionStore
{
    /// <summary>The record of an endpoint; null when there is none.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    Task<byte[]?> ReadAsync(string endpoint, CancellationToken cancellationToken);

    /// <summary>Replaces the record at once: a crash leaves the former or the new one.</summary>
    /// <exception cref="IOException">It can't be written now; trying again may help.</exception>
    Task WriteAsync(string endpoint, byte[] record, CancellationToken cancellationToken);
}
