using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Registry.Database;

namespace Slipway.Registry.Serving;

/// <summary>
/// The registry as a source of models: serves the versions that aliases point at, under the aliases' names. Follows the registry's events, so that a change is seen within a second
/// whoever made it, and only the models that it concerns are read again. While the store is away everything stays as it was last known. Thread-safe.
/// </summary>
public sealed partial class RegistryModelSource : IModelSource, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly IModelRegistry _registry;
    private readonly ServedRegistry _served;
    private readonly ServingSnapshot? _snapshot;
    private readonly StoreAvailability _availability;
    private readonly TimeProvider _time;
    private readonly ILogger<RegistryModelSource> _logger;
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>A source over a registry.</summary>
    /// <param name="registry">What is served.</param>
    /// <param name="blobs">Its files.</param>
    /// <param name="options">How it is served.</param>
    /// <param name="availability">Told whether the registry's store answers.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where it tells that it serves what it had kept, and what it could not keep.</param>
    public RegistryModelSource(
        IModelRegistry registry, IBlobStore blobs, RegistryModelSourceOptions options, StoreAvailability availability, TimeProvider time, ILogger<RegistryModelSource> logger)
    {
        (_registry, _availability, _time, _logger) = (registry, availability, time, logger);
        _served = new ServedRegistry(registry, blobs, options);
        _snapshot = options.SnapshotFile is { } file ? new ServingSnapshot(file) : null;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<DesiredState> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerator<long>? changes = null;
        Task<bool>? next = null;
        bool isFirst = true;
        try
        {
            while (true)
            {
                changes ??= _registry.WatchAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
                next ??= changes.MoveNextAsync().AsTask();
                DesiredState? state = null;
                Exception? fault = null;
                try
                {
                    if (!(isFirst ? await next.WaitAsync(Patience, _time, cancellationToken) : await next))
                    {
                        yield break;
                    }

                    state = await CatchUpAsync(changes.Current, cancellationToken);
                    next = null;
                }
                catch (Exception caught) when (!cancellationToken.IsCancellationRequested)
                {
                    fault = caught;
                }

                if (fault is not null)
                {
                    _availability.Away(fault);
                    if (isFirst)
                    {
                        state = await FromSnapshotAsync(cancellationToken);
                    }
                }

                if (state is not null)
                {
                    isFirst = false;
                    yield return state;
                }

                if (fault is not null and not TimeoutException)
                {
                    // The watch may have ended with its fault, and what it told is not taken into account yet: begin again.
                    await CloseAsync(changes, next);
                    (changes, next) = (null, null);
                    await Task.Delay(Pause, _time, cancellationToken);
                }
            }
        }
        finally
        {
            await CloseAsync(changes, next);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<DesiredState> RefreshAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await BringUpToDateAsync(_served.Sequence ?? await NewestAsync(cancellationToken), cancellationToken);
            return _served.ToState();
        }
        catch (SlipwayException fault)
        {
            _availability.Away(fault);
            await RestoreAsync(cancellationToken);
            return _served.ToState();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    // Null when nothing that is served has changed.
    private async Task<DesiredState?> CatchUpAsync(long newest, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await BringUpToDateAsync(newest, cancellationToken) ? _served.ToState() : null;
        }
        finally
        {
            _gate.Release();
        }
    }

    // Reads what is new, or everything at first, and keeps what is served now; says whether that has changed.
    private async Task<bool> BringUpToDateAsync(long newest, CancellationToken cancellationToken)
    {
        bool changed = await _served.UpdateAsync(newest, cancellationToken);
        _availability.Here();
        if (changed && _snapshot is not null)
        {
            try
            {
                await _snapshot.WriteAsync(_served.Entries, cancellationToken);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                LogNotKept(_logger, fault);
            }
        }

        return changed;
    }

    // The watch waits for a store that is away; whoever asks once does not.
    private async Task<long> NewestAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(Patience, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await foreach (long newest in _registry.WatchAsync(either.Token))
            {
                return newest;
            }

            return 0;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SlipwayException(ErrorCode.StoreUnavailable, "the registry's store does not answer");
        }
    }

    private async Task<DesiredState> FromSnapshotAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await RestoreAsync(cancellationToken);
            return _served.ToState();
        }
        finally
        {
            _gate.Release();
        }
    }

    // Only what was never read is taken from what was kept.
    private async Task RestoreAsync(CancellationToken cancellationToken)
    {
        if (_served.IsUnknown && _snapshot is not null && await _snapshot.ReadAsync(cancellationToken) is { } kept)
        {
            _served.Restore(kept);
            LogRestored(_logger, _served.Entries.Count);
        }
    }

    private static async ValueTask CloseAsync(IAsyncEnumerator<long>? changes, Task<bool>? next)
    {
        // An enumerator must not be disposed while it moves.
        if (next is not null)
        {
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (changes is not null)
        {
            await changes.DisposeAsync();
        }
    }

    [LoggerMessage(6103, LogLevel.Warning, "The registry can't be read at start: {Models} models are served as they were last known on this machine")]
    private static partial void LogRestored(ILogger logger, int models);

    [LoggerMessage(6104, LogLevel.Warning, "What is served could not be kept on this machine: a start while the store is away would serve what was kept before")]
    private static partial void LogNotKept(ILogger logger, Exception exception);
}
