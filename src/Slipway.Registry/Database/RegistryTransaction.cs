using System.Data.Common;

namespace Slipway.Registry.Database;

/// <summary>A transaction with the connection that it owns. Disposing it without a commit takes everything back.</summary>
/// <param name="connection">Open; closed with the transaction.</param>
/// <param name="transaction">Begun on it.</param>
/// <param name="ended">Called once at the end, after the connection is closed, with whether it was committed; null when nobody has to know.</param>
public sealed class RegistryTransaction(DbConnection connection, DbTransaction transaction, Action<bool>? ended = null) : IAsyncDisposable
{
    private Action<bool>? _ended = ended;

    /// <summary>The connection.</summary>
    public DbConnection Connection { get; } = connection;

    /// <summary>The transaction on it.</summary>
    public DbTransaction Transaction { get; } = transaction;

    /// <summary>Whether it was committed.</summary>
    public bool IsCommitted { get; private set; }

    /// <summary>Makes the changes stand.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await Transaction.CommitAsync(cancellationToken);
        IsCommitted = true;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Transaction.DisposeAsync();
            await Connection.DisposeAsync();
        }
        finally
        {
            Interlocked.Exchange(ref _ended, null)?.Invoke(IsCommitted);
        }
    }
}
