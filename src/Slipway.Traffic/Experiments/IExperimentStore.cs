namespace Slipway.Traffic.Experiments;

/// <summary>Keeps what experiments know, one record for each. Thread-safe.</summary>
public interface IExperimentStore
{
    /// <summary>The record of an experiment; null when there is none.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Names of all experiments that have a record, in no order.</summary>
    /// <exception cref="IOException">They can't be listed.</exception>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Takes a record away; nothing happens when there is none.</summary>
    /// <exception cref="IOException">It can't be taken away now; trying again may help.</exception>
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Replaces the record at once: a crash leaves the former or the new one.</summary>
    /// <exception cref="IOException">It can't be written now; trying again may help.</exception>
    Task WriteAsync(string name, byte[] record, CancellationToken cancellationToken);
}
