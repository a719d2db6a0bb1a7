using System.Data.Common;
using Microsoft.Data.Sqlite;
using Slipway.Core;
using Slipway.Registry.Blobs;
using Slipway.Registry.Database;

namespace Slipway.Registry.Sqlite;

/// <summary>
/// The embedded database: one file in write-ahead mode, readers beside one writer, several processes on one machine. Its calls block the thread for as long as the disk takes; writers
/// of this process wait for each other without a thread.
/// </summary>
internal sealed class SqliteDatabase : IRegistryDatabase
{
    // SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL, SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_READONLY: https://www.sqlite.org/rescode.html
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int NotADatabase = 26;

    private readonly SemaphoreSlim _writer = new(1, 1);
    private readonly SqliteChanges _changes;
    private readonly string _connectionString;
    private readonly TimeSpan _busyTimeout;
    private volatile bool _isInWriteAheadMode;

    /// <param name="file">Name of the database's file; made when it is not there, its folder must be.</param>
    /// <param name="clock">Time of the polls.</param>
    /// <param name="busyTimeout">Longest wait for a writer of another process; default 30 s.</param>
    /// <param name="isReadOnly">Whether the file is only read, and may lie where nothing can be written.</param>
    public SqliteDatabase(string file, TimeProvider clock, TimeSpan? busyTimeout = null, bool isReadOnly = false)
    {
        SQLitePCL.Batteries_V2.Init();
        _busyTimeout = busyTimeout ?? TimeSpan.FromSeconds(30);
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = isReadOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
            ForeignKeys = true,
            Pooling = true,
            DefaultTimeout = (int)Math.Ceiling(_busyTimeout.TotalSeconds),
        }.ToString();
        _changes = new SqliteChanges(this, clock);
        _isInWriteAheadMode = isReadOnly;
    }

    public SqlDialect Dialect { get; } = new SqliteDialect();

    public async ValueTask<RegistryTransaction> BeginReadAsync(CancellationToken cancellationToken)
    {
        SqliteConnection connection = await OpenAsync(cancellationToken);
        return await BegunAsync(connection, static connection => connection.BeginTransaction(deferred: true), null);
    }

    public async ValueTask<RegistryTransaction> BeginWriteAsync(WriteScope scope, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            SqliteConnection connection = await OpenAsync(cancellationToken);

            // FULL syncs the log at the commit, and with it everything that was committed before; NORMAL leaves that to the next checkpoint.
            Run(connection, scope == WriteScope.Registry ? "pragma synchronous = full" : "pragma synchronous = normal");
            return await BegunAsync(connection, static connection => connection.BeginTransaction(deferred: false), committed =>
            {
                _writer.Release();
                if (committed)
                {
                    _changes.Signal();
                }
            });
        }
        catch
        {
            _writer.Release();
            throw;
        }
    }

    // An immediate transaction keeps every other writer out, of this process or another.
    public ValueTask<RegistryTransaction> BeginMigrationAsync(CancellationToken cancellationToken) => BeginWriteAsync(WriteScope.Registry, cancellationToken);

    // Watchers of other processes look at the file's data version.
    public ValueTask AnnounceAsync(RegistryTransaction transaction, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public IAsyncEnumerable<bool> WatchAsync(CancellationToken cancellationToken) => _changes.WatchAsync(cancellationToken);

    public async Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken)
    {
        await using SqliteConnection connection = await OpenAsync(cancellationToken);
        List<string> faults = [];
        foreach (string pragma in (string[])["pragma integrity_check(100)", "pragma foreign_key_check"])
        {
            await using SqliteCommand command = connection.CreateCommand();
            command.CommandText = pragma;
            await using SqliteDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                string fault = reader.GetString(0);
                if (fault != "ok")
                {
                    faults.Add(reader.FieldCount == 1 ? fault : $"a row of {fault} refers to one that is not there");
                }
            }
        }

        return faults;
    }

    public async Task CopyToFileAsync(string file, CancellationToken cancellationToken)
    {
        await using (SqliteConnection connection = await OpenAsync(cancellationToken))
        {
            await using SqliteCommand command = connection.CreateCommand();

            // One read transaction; what others commit meanwhile is not in it. Large stores take longer than a statement usually may.
            command.CommandText = "vacuum into @file";
            command.CommandTimeout = 0;
            command.Parameters.AddWithValue("@file", file);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        FolderFiles.SyncFile(file);
    }

    public bool ShouldRetry(DbException exception) => false;

    public SlipwayException Translate(DbException exception) => exception is not SqliteException sqlite
        ? new SlipwayException("the store failed", exception)
        : sqlite.SqliteErrorCode switch
        {
            Busy or Locked => new SlipwayException(ErrorCode.Overloaded, $"the store is busy: another process has been writing for {_busyTimeout.TotalSeconds:0} s", sqlite)
            {
                RetryAfter = TimeSpan.FromSeconds(1),
            },
            Full => new SlipwayException("the store's disk is full; nothing was changed", sqlite),
            ReadOnly => new SlipwayException("the store can't be written: its file or folder is read-only", sqlite),
            Corrupt or NotADatabase => new SlipwayException("the store's database is damaged; restore a backup (slipway data restore)", sqlite),
            int code => new SlipwayException($"the store failed (SQLite error {code})", sqlite),
        };

    public ValueTask DisposeAsync()
    {
        // Pooled connections keep the file open.
        using SqliteConnection connection = new(_connectionString);
        SqliteConnection.ClearPool(connection);
        _changes.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>An open connection, set up; the caller closes it.</summary>
    internal async ValueTask<SqliteConnection> OpenAsync(CancellationToken cancellationToken)
    {
        SqliteConnection connection = new(_connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);

            // The pool hands out connections as they were left, so what matters is set again; each costs microseconds.
            Run(connection, FormattableString.Invariant($"pragma busy_timeout = {_busyTimeout.TotalMilliseconds:0}; pragma cache_size = -16384; pragma temp_store = memory"));
            if (!_isInWriteAheadMode)
            {
                Run(connection, "pragma journal_mode = wal");
                _isInWriteAheadMode = true;
            }

            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async ValueTask<RegistryTransaction> BegunAsync(
        SqliteConnection connection, Func<SqliteConnection, SqliteTransaction> begin, Action<bool>? ended)
    {
        try
        {
            return new RegistryTransaction(connection, begin(connection), ended);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
