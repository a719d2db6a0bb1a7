using Microsoft.Extensions.Logging;
using Slipway.Core;

namespace Slipway.Traffic.Rollouts;

/// <summary>Writes events down behind the rollouts' back: while the store is away they wait, in order, and nothing else does. Thread-safe.</summary>
internal sealed partial class RolloutJournal(IRolloutStore store, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private const int MostWaiting = 10_000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly List<RolloutEvent> _waiting = [];
    private readonly CancellationTokenSource _stopping = new();
    private Task _writing = Task.CompletedTask;

    /// <summary>All events.</summary>
    public Task<IReadOnlyList<RolloutEvent>> ReadAsync(CancellationToken cancellationToken) => store.ReadAsync(cancellationToken);

    /// <summary>Writes an event before anything is done.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.FailedPrecondition"/>: it can't be written now.</exception>
    public async Task WriteNowAsync(RolloutEvent one, CancellationToken cancellationToken)
    {
        try
        {
            await store.AppendAsync([one], cancellationToken);
        }
        catch (IOException fault)
        {
            throw new SlipwayException(ErrorCode.FailedPrecondition, "rollouts can't be written down now, so none is started", fault);
        }
    }

    /// <summary>Has an event written soon.</summary>
    public void Note(RolloutEvent one)
    {
        lock (_gate)
        {
            // Counts are superseded by the next ones: while many events wait, only changes are worth keeping.
            if (one.Kind == "counts" && _waiting.Count > 0)
            {
                return;
            }

            if (_waiting.Count < MostWaiting)
            {
                _waiting.Add(one);
            }

            if (_writing.IsCompleted)
            {
                _writing = WriteAsync();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _stopping.CancelAfter(Pause);
        Task writing;
        lock (_gate)
        {
            writing = _writing;
        }

        await writing;
        _stopping.Dispose();
    }

    private async Task WriteAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (true)
        {
            RolloutEvent[] batch;
            lock (_gate)
            {
                if (_waiting.Count == 0)
                {
                    _writing = Task.CompletedTask;
                    return;
                }

                batch = [.. _waiting];
            }

            try
            {
                await store.AppendAsync(batch, _stopping.Token);
                lock (_gate)
                {
                    _waiting.RemoveRange(0, batch.Length);
                }
            }
            catch (IOException fault)
            {
                LogAway(logger, batch.Length, fault);
                try
                {
                    await Task.Delay(Pause, time, _stopping.Token);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    [LoggerMessage(8002, LogLevel.Warning, "Rollouts can't be written down; {Count} events wait")]
    private static partial void LogAway(ILogger logger, int count, Exception fault);
}
