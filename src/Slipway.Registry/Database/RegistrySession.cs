using System.Data.Common;
using Dapper;

namespace Slipway.Registry.Database;

/// <summary>Statements of one transaction. Values travel as parameters only. For one caller at a time.</summary>
internal sealed class RegistrySession(RegistryTransaction transaction, SqlDialect dialect, CancellationToken cancellationToken)
{
    // SQLite allows 32,766 parameters of a statement, PostgreSQL 65,535.
    private const int MostKeysOfStatement = 5000;

    public SqlDialect Dialect { get; } = dialect;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Up to so many items are quicker looked up one by one and sorted than found by walking through all in order.</summary>
    public int FewItems { get; init; } = 10_000;

    public Task<int> ExecuteAsync(string sql, object? parameters = null) => transaction.Connection.ExecuteAsync(Command(sql, parameters));

    public async Task<List<T>> QueryAsync<T>(string sql, object? parameters = null) =>
        (await transaction.Connection.QueryAsync<T>(Command(sql, parameters))).AsList();

    /// <summary>The first row, or null.</summary>
    public Task<T?> FirstAsync<T>(string sql, object? parameters = null)
        where T : class => transaction.Connection.QueryFirstOrDefaultAsync<T>(Command(sql, parameters));

    /// <summary>The first column of the first row, or null.</summary>
    public Task<long?> NumberAsync(string sql, object? parameters = null) =>
        transaction.Connection.ExecuteScalarAsync<long?>(Command(sql, parameters));

    /// <summary>As <see cref="NumberAsync"/> where there is always one.</summary>
    public async Task<long> ExactNumberAsync(string sql, object? parameters = null) =>
        await NumberAsync(sql, parameters) ?? throw new InvalidOperationException("a statement that has to give a number gave none");

    /// <summary>Rows for many keys, given to the statement as <c>@keys</c> in portions.</summary>
    public async Task<List<T>> QueryForAsync<T, TKey>(string sql, IReadOnlyList<TKey> keys)
    {
        List<T> rows = [];
        foreach (TKey[] portion in keys.Chunk(MostKeysOfStatement))
        {
            rows.AddRange(await QueryAsync<T>(sql, new { keys = portion }));
        }

        return rows;
    }

    /// <summary>A reader over rows of any shape; the caller disposes it before the next statement.</summary>
    public async Task<DbDataReader> ReadAsync(string sql, DynamicParameters parameters) =>
        await transaction.Connection.ExecuteReaderAsync(Command(sql, parameters));

    private CommandDefinition Command(string sql, object? parameters) =>
        new(Dialect.Adapt(sql), parameters, transaction.Transaction, cancellationToken: CancellationToken);
}
