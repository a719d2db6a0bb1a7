namespace Slipway.Core;

/// <summary>
/// Small records that all replicas of a server see alike: what several processes have to agree on, by compare-and-set. For few and small records that are written a few times a
/// second at most; a loss of power may take the last moments, a killed process takes nothing. Thread-safe.
/// </summary>
public interface ISharedRecords
{
    /// <summary>Records of a kind that were written after <paramref name="after"/>, by revision, ascending.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="after">The last revision that is known; 0 for all.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="SlipwayException">The store can't be reached or read now; trying again may help.</exception>
    Task<IReadOnlyList<SharedRecord>> ReadAsync(string kind, long after, CancellationToken cancellationToken);

    /// <summary>Writes all or nothing, durably enough to outlive the process.</summary>
    /// <param name="writes">Records, each key once.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The revision of all these writes, larger than every one before; null when an expectation was not met and nothing was written.</returns>
    /// <exception cref="SlipwayException">The store can't be reached or written now; trying again may help.</exception>
    Task<long?> WriteAsync(IReadOnlyList<SharedWrite> writes, CancellationToken cancellationToken);
}

/// <summary>A record as it is kept.</summary>
/// <param name="Key">Its key, unique within its kind.</param>
/// <param name="Revision">The write that made it what it is.</param>
/// <param name="Value">What it says.</param>
public sealed record SharedRecord(string Key, long Revision, string Value);

/// <summary>A record to be written.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Key">Its key.</param>
/// <param name="Value">What it is to say.</param>
/// <param name="Expected">The revision that it must have now, 0: it must not exist; null: whatever it is.</param>
public sealed record SharedWrite(string Kind, string Key, string Value, long? Expected = null);
