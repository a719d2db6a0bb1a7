using System.Data.Common;
using Microsoft.Data.Sqlite;
using Slipway.Core;
using Slipway.Registry.Database;
using SQLitePCL;

namespace Slipway.Registry.CrashHost;

/// <summary>A database with a crash point at its beginning, in the middle of statements, and before the commit.</summary>
internal sealed class CrashingDatabase(IRegistryDatabase inner, CrashPoint crash) : IRegistryDatabase
{
    public SqlDialect Dialect => inner.Dialect;

    public ValueTask<RegistryTransaction> BeginReadAsync(CancellationToken cancellationToken) => inner.BeginReadAsync(cancellationToken);

    public async ValueTask<RegistryTransaction> BeginWriteAsync(WriteScope scope, CancellationToken cancellationToken)
    {
        crash.Step();
        RegistryTransaction transaction = await inner.BeginWriteAsync(scope, cancellationToken);
        AddSteps(((SqliteConnection)transaction.Connection).Handle!);
        crash.Step();
        return transaction;
    }

    public ValueTask<RegistryTransaction> BeginMigrationAsync(CancellationToken cancellationToken) => inner.BeginMigrationAsync(cancellationToken);

    public async ValueTask AnnounceAsync(RegistryTransaction transaction, CancellationToken cancellationToken)
    {
        crash.Step();
        await inner.AnnounceAsync(transaction, cancellationToken);
    }

    public IAsyncEnumerable<bool> WatchAsync(CancellationToken cancellationToken) => inner.WatchAsync(cancellationToken);

    public bool ShouldRetry(DbException exception) => inner.ShouldRetry(exception);

    public SlipwayException Translate(DbException exception) => inner.Translate(exception);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // The engine itself calls back every few hundred of its instructions, in the middle of statements, and right before it commits.
    private void AddSteps(sqlite3 handle)
    {
        raw.sqlite3_progress_handler(handle, 200, _ => Step(), null);
        raw.sqlite3_commit_hook(handle, _ => Step(), null);
    }

    private int Step()
    {
        crash.Step();
        return 0;
    }
}
