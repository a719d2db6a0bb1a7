using System.Data.Common;
using Slipway.Core;

namespace Slipway.Registry.Database;

/// <summary>
/// The seam between the registry's SQL and one database: connections, transactions, faults, news of changes, and what its dialect says differently. Thread-safe. The SQL itself, the
/// migrations and everything above are written once.
/// </summary>
public interface IRegistryDatabase : IAsyncDisposable
{
    /// <summary>What the database says differently from others.</summary>
    SqlDialect Dialect { get; }

    /// <summary>Begins a transaction that sees one moment of the store and writes nothing.</summary>
    ValueTask<RegistryTransaction> BeginReadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Begins a transaction that writes. Of <see cref="WriteScope.Registry"/> there is one at a time, in all processes; it sees everything that was committed before it began.
    /// </summary>
    ValueTask<RegistryTransaction> BeginWriteAsync(WriteScope scope, CancellationToken cancellationToken);

    /// <summary>Begins the transaction in which the schema is made or moved forward; excludes everybody who would do the same.</summary>
    ValueTask<RegistryTransaction> BeginMigrationAsync(CancellationToken cancellationToken);

    /// <summary>Called inside a transaction of <see cref="WriteScope.Registry"/>, last before its commit: whatever tells watchers of other processes that there is something new.</summary>
    ValueTask AnnounceAsync(RegistryTransaction transaction, CancellationToken cancellationToken);

    /// <summary>
    /// Yields when something may have changed, by whatever process, within a quarter of a second; also when it may have missed something. Faults end it: the caller asks again.
    /// </summary>
    IAsyncEnumerable<bool> WatchAsync(CancellationToken cancellationToken);

    /// <summary>What the database finds wrong with itself, for people; empty when nothing is, or when that is for the database's own tools.</summary>
    Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Writes one moment of the whole store to a new file, durably, as a database of the embedded kind.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> when the database has a backup of its own.</exception>
    Task CopyToFileAsync(string file, CancellationToken cancellationToken) => throw new SlipwayException(
        ErrorCode.NotSupported, $"{Dialect.Name} has a backup of its own: use that for the database, and copy the blobs");

    /// <summary>Whether the same transaction, begun anew, may succeed at once: a deadlock or a serialisation conflict.</summary>
    bool ShouldRetry(DbException exception);

    /// <summary>What callers are told of a fault: no path, no statement, no credentials; busy and full stores by name.</summary>
    SlipwayException Translate(DbException exception);
}
