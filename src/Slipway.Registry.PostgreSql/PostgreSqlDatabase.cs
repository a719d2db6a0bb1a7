using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Npgsql;
using Slipway.Core;
using Slipway.Registry.Database;

namespace Slipway.Registry.PostgreSql;

/// <summary>
/// The registry's database on PostgreSQL 13 or newer, shared by any number of processes. Writers of the registry follow one another by an advisory lock, which the server gives back when
/// their connection ends, however it ends; watchers hear of commits by <c>LISTEN</c>.
/// </summary>
public sealed class PostgreSqlDatabase : IRegistryDatabase
{
    private const int OldestServer = 13;
    private const string Channel = "slipway_registry";

    // Keys of advisory locks are two numbers; ours begin with these. The second one tells schemas of one database apart.
    private const int WriterLock = 0x51_19_3A_01;
    private const int MigrationLock = 0x51_19_3A_02;

    private static readonly TimeSpan PasswordLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan PasswordRetry = TimeSpan.FromSeconds(5);

    // News may be lost where a pooler stands in between, and a silent connection may be dead: both are found out by asking.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _writer = new(1, 1);
    private readonly NpgsqlDataSource _source;
    private readonly string? _schema;
    private readonly string _lockWriters;
    private volatile bool _isChecked;

    private PostgreSqlDatabase(PostgreSqlOptions options, TimeSpan lockTimeout)
    {
        _schema = options.Connection.SearchPath;
        NpgsqlDataSourceBuilder builder = new(options.Connection.ConnectionString);
        if (options.PasswordFile is { } file)
        {
            builder.UsePeriodicPasswordProvider(
                async (_, cancellationToken) => (await File.ReadAllTextAsync(file, cancellationToken)).TrimEnd('\r', '\n'), PasswordLifetime, PasswordRetry);
        }

        _source = builder.Build();
        _lockWriters = string.Create(
            CultureInfo.InvariantCulture,
            $"set local lock_timeout = {(long)lockTimeout.TotalMilliseconds}; select pg_advisory_xact_lock({WriterLock}, hashtext(coalesce(current_schema(), '')))");
    }

    /// <inheritdoc/>
    public SqlDialect Dialect { get; } = new PostgreSqlDialect();

    /// <summary>Whether a connection string names a PostgreSQL database, in either of its forms.</summary>
    public static bool Understands(string connectionString) => PostgreSqlConnectionString.IsOne(connectionString);

    /// <summary>Whether a connection string can be read; nothing is made.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/> naming the key that is wrong.</exception>
    public static void Validate(string connectionString) => PostgreSqlConnectionString.Parse(connectionString);

    /// <summary>Makes the database of a connection string; nothing is sent yet.</summary>
    /// <param name="connectionString"><c>postgresql://user@host/database?…</c> or <c>Host=…;Database=…</c>.</param>
    /// <param name="lockTimeout">Longest wait for writers of other processes; default 30 s.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/> naming the key that is wrong.</exception>
    public static PostgreSqlDatabase Create(string connectionString, TimeSpan? lockTimeout = null) =>
        new(PostgreSqlConnectionString.Parse(connectionString), lockTimeout ?? TimeSpan.FromSeconds(30));

    /// <inheritdoc/>
    public async ValueTask<RegistryTransaction> BeginReadAsync(CancellationToken cancellationToken) =>
        await BeginAsync(IsolationLevel.RepeatableRead, "select 1", null, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<RegistryTransaction> BeginWriteAsync(WriteScope scope, CancellationToken cancellationToken)
    {
        if (scope == WriteScope.Tracking)
        {
            return await BeginAsync(IsolationLevel.ReadCommitted, "select 1", null, cancellationToken);
        }

        // Writers of this process wait here, in order and without a connection; those of other processes at the lock. Each statement of the transaction sees what was committed before
        // the statement, and so, under the lock, all there is.
        await _writer.WaitAsync(cancellationToken);
        try
        {
            return await BeginAsync(IsolationLevel.ReadCommitted, _lockWriters, _ => _writer.Release(), cancellationToken);
        }
        catch
        {
            _writer.Release();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<RegistryTransaction> BeginMigrationAsync(CancellationToken cancellationToken)
    {
        string create = _schema is null ? "" : $"create schema if not exists \"{_schema}\";";
        return await BeginAsync(
            IsolationLevel.ReadCommitted, string.Create(CultureInfo.InvariantCulture, $"select pg_advisory_xact_lock({MigrationLock}, 0); {create}"), null, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask AnnounceAsync(RegistryTransaction transaction, CancellationToken cancellationToken)
    {
        // Delivered with the commit, or not at all.
        await using DbCommand command = transaction.Connection.CreateCommand();
        command.CommandText = $"notify {Channel}";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<bool> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await OpenAsync(cancellationToken);
        await using (NpgsqlCommand listen = new($"listen {Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        while (true)
        {
            yield return true;
            if (!await connection.WaitAsync(Silence, cancellationToken))
            {
                await using NpgsqlCommand probe = new("select 1", connection);
                await probe.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public bool ShouldRetry(DbException exception) => PostgreSqlFaults.ShouldRetry(exception);

    /// <inheritdoc/>
    public SlipwayException Translate(DbException exception) => PostgreSqlFaults.Translate(exception);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        _writer.Dispose();
    }

    // The first statement goes with the begin, in one message. A pooled connection may have died since it was used, with a restart of the server all at once: nothing was done on it yet,
    // so another one is tried.
    private async ValueTask<RegistryTransaction> BeginAsync(
        IsolationLevel isolation, string first, Action<bool>? ended, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            NpgsqlConnection connection = await OpenAsync(cancellationToken);
            try
            {
                NpgsqlTransaction transaction = await connection.BeginTransactionAsync(isolation, cancellationToken);
                await using NpgsqlCommand command = new(first, connection, transaction);
                await command.ExecuteNonQueryAsync(cancellationToken);
                return new RegistryTransaction(connection, transaction, ended);
            }
            catch (Exception fault) when (attempt == 1 && PostgreSqlFaults.IsConnection(fault))
            {
                await connection.DisposeAsync();
                _source.Clear();
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }
    }

    private async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken);
            if (!_isChecked)
            {
                await CheckAsync(connection);
                _isChecked = true;
            }

            return connection;
        }
        catch (Exception fault) when (fault is System.Net.Sockets.SocketException or IOException or TimeoutException)
        {
            // A name that can't be resolved comes as it is; callers know faults of databases only.
            throw new NpgsqlException("the server can't be reached", fault);
        }
    }

    private static async ValueTask CheckAsync(NpgsqlConnection connection)
    {
        string? problem = connection.PostgreSqlVersion.Major < OldestServer
            ? $"PostgreSQL {OldestServer} or newer is needed"
            : connection.PostgresParameters.TryGetValue("server_encoding", out string? encoding) && encoding != "UTF8"
                ? "a database with encoding UTF8 is needed"
                : null;
        if (problem is not null)
        {
            await connection.DisposeAsync();
            throw new SlipwayException(ErrorCode.FailedPrecondition, $"the database can't be used: {problem}");
        }
    }
}
