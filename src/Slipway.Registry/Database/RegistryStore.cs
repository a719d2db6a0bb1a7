using System.Data.Common;
using Slipway.Registry.Options;

namespace Slipway.Registry.Database;

/// <summary>
/// Runs work in transactions of the database: brings the schema up to date before the first one, repeats what the database asks to be repeated, and tells faults in the words of Core.
/// </summary>
internal sealed class RegistryStore(IRegistryDatabase database, TimeProvider clock, RegistryOptions? options = null) : IDisposable
{
    private const int MostAttempts = 8;

    private static readonly RegistryOptions Defaults = new() { DataFolder = "" };

    private readonly SemaphoreSlim _migrating = new(1, 1);
    private volatile bool _isCurrent;

    public IRegistryDatabase Database => database;

    public void Dispose() => _migrating.Dispose();

    /// <summary>The time that changes are recorded with, in milliseconds since 1970.</summary>
    public long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Runs <paramref name="work"/> over one moment of the store.</summary>
    public Task<T> ReadAsync<T>(Func<RegistrySession, Task<T>> work, CancellationToken cancellationToken) =>
        GuardedAsync(async () =>
        {
            await using RegistryTransaction transaction = await database.BeginReadAsync(cancellationToken);
            return await work(Session(transaction, cancellationToken));
        }, cancellationToken);

    /// <summary>Runs <paramref name="work"/>, which may be repeated as a whole, and commits; an exception takes everything back.</summary>
    public Task<T> WriteAsync<T>(WriteScope scope, Func<RegistrySession, Task<T>> work, CancellationToken cancellationToken) =>
        GuardedAsync(async () =>
        {
            await using RegistryTransaction transaction = await database.BeginWriteAsync(scope, cancellationToken);
            T result = await work(Session(transaction, cancellationToken));
            if (scope == WriteScope.Registry)
            {
                await database.AnnounceAsync(transaction, cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
            return result;
        }, cancellationToken);

    /// <inheritdoc cref="WriteAsync{T}" />
    public Task WriteAsync(WriteScope scope, Func<RegistrySession, Task> work, CancellationToken cancellationToken) => WriteAsync(
        scope,
        async session =>
        {
            await work(session);
            return true;
        },
        cancellationToken);

    /// <summary>Brings the schema up to date, once; every other method does so by itself.</summary>
    public Task PrepareAsync(CancellationToken cancellationToken) => GuardedAsync(static () => Task.FromResult(true), cancellationToken);

    private RegistrySession Session(RegistryTransaction transaction, CancellationToken cancellationToken) =>
        new(transaction, database.Dialect, cancellationToken) { FewItems = (options ?? Defaults).FewItems };

    private async Task<T> GuardedAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await MigrateAsync(cancellationToken);
                return await work();
            }
            catch (DbException exception) when (attempt < MostAttempts && database.ShouldRetry(exception))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1 << attempt), clock, cancellationToken);
            }
            catch (DbException exception)
            {
                throw database.Translate(exception);
            }
        }
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        if (_isCurrent)
        {
            return;
        }

        await _migrating.WaitAsync(cancellationToken);
        try
        {
            if (!_isCurrent)
            {
                await Migrator.MigrateAsync(database, Now(), cancellationToken);
                _isCurrent = true;
            }
        }
        finally
        {
            _migrating.Release();
        }
    }
}
