using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Slipway.Registry.Sqlite;

/// <summary>
/// News of commits: of this process at once, of others by <c>pragma data_version</c>, which a connection sees change when somebody else has committed. Polls only while somebody watches.
/// </summary>
internal sealed class SqliteChanges(SqliteDatabase database, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _disposed = new();
    private TaskCompletionSource _signal = New();

    /// <summary>Says that this process has committed.</summary>
    public void Signal() => Interlocked.Exchange(ref _signal, New()).TrySetResult();

    /// <summary>Ends the watches.</summary>
    public void Dispose()
    {
        _disposed.Cancel();
        _disposed.Dispose();
    }

    public async IAsyncEnumerable<bool> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token);
        await using SqliteConnection connection = await database.OpenAsync(ending.Token);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "pragma data_version";
        Task signal = Volatile.Read(ref _signal).Task;
        long known = (long)command.ExecuteScalar()!;
        yield return true;

        while (true)
        {
            await Task.WhenAny(signal, Task.Delay(Poll, clock, ending.Token));
            ending.Token.ThrowIfCancellationRequested();
            bool isSignalled = signal.IsCompleted;
            signal = Volatile.Read(ref _signal).Task;
            long now = (long)command.ExecuteScalar()!;
            if (isSignalled || now != known)
            {
                known = now;
                yield return true;
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
