using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Slipway.Core;

namespace Slipway.Registry.Serving;

/// <summary>
/// The registry as a source of models: serves the versions that aliases point at, under the aliases' names. Follows the registry's events, so that a change is seen within a second
/// whoever made it, and only the models that it concerns are read again. While the store is away everything stays as it was last known. Thread-safe.
/// </summary>
public sealed partial class RegistryModelSource : IModelSource, IDisposable
{
    private const int EventsAtOnce = 1000;
    private const int ModelsAtOnce = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly IModelRegistry _registry;
    private readonly IBlobStore _blobs;
    private readonly RegistryModelSourceOptions _options;
    private readonly ServingSnapshot? _snapshot;
    private readonly TimeProvider _time;
    private readonly ILogger<RegistryModelSource> _logger;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private Dictionary<string, ModelEntry> _models = new(StringComparer.Ordinal);
    private long _sequence = -1;
    private volatile RegistrySourceStatus _status;

    /// <summary>A source over a registry.</summary>
    public RegistryModelSource(
        IModelRegistry registry, IBlobStore blobs, RegistryModelSourceOptions options, TimeProvider time, ILogger<RegistryModelSource> logger)
    {
        (_registry, _blobs, _options, _time, _logger) = (registry, blobs, options, time, logger);
        _snapshot = options.SnapshotFile is { } file ? new ServingSnapshot(file) : null;
        _status = new RegistrySourceStatus(true, time.GetUtcNow(), 0, null);
    }

    /// <summary>How the source is doing.</summary>
    public RegistrySourceStatus Status => _status;

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
                    Away(fault);
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
            if (_sequence < 0)
            {
                await ReadAllAsync(await NewestAsync(cancellationToken), cancellationToken);
            }
            else
            {
                await ReadChangesAsync(cancellationToken);
            }

            Here();
            return ToState();
        }
        catch (SlipwayException fault)
        {
            Away(fault);
            return ToState();
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
            bool changed = _sequence < 0 ? await ReadAllAsync(newest, cancellationToken) : await ReadChangesAsync(cancellationToken);
            Here();
            if (!changed)
            {
                return null;
            }

            if (_snapshot is not null)
            {
                await _snapshot.WriteAsync(_models.Values, cancellationToken);
            }

            return ToState();
        }
        finally
        {
            _gate.Release();
        }
    }

    // Events that come while it reads are read again afterwards: their sequence is larger.
    private async Task<bool> ReadAllAsync(long newest, CancellationToken cancellationToken)
    {
        Dictionary<string, ModelEntry> models = new(StringComparer.Ordinal);
        SearchQuery query = SearchQuery.All with { MaxResults = ModelsAtOnce };
        do
        {
            SearchPage<RegisteredModel> page = await _registry.SearchModelsAsync(query, cancellationToken);
            foreach (RegisteredModel model in page.Items)
            {
                models[model.Name] = await ReadAsync(model, cancellationToken);
            }

            query = query with { PageToken = page.NextPageToken };
        }
        while (query.PageToken is not null);

        (_models, _sequence) = (models, newest);
        return true;
    }

    private async Task<bool> ReadChangesAsync(CancellationToken cancellationToken)
    {
        bool changed = false;
        while (true)
        {
            IReadOnlyList<RegistryEvent> events = await _registry.GetEventsAsync(null, _sequence, EventsAtOnce, cancellationToken);
            if (events.Any(static change => change.Kind == RegistryEventKinds.ModelRenamed))
            {
                // An event names one of the two names only.
                changed |= await ReadAllAsync(events[^1].Sequence, cancellationToken);
                continue;
            }

            foreach (string name in events.Select(static change => change.Model).OfType<string>().Distinct(StringComparer.Ordinal))
            {
                changed |= await ReadAgainAsync(name, cancellationToken);
            }

            if (events.Count > 0)
            {
                _sequence = events[^1].Sequence;
            }

            if (events.Count < EventsAtOnce)
            {
                return changed;
            }
        }
    }

    private async Task<bool> ReadAgainAsync(string name, CancellationToken cancellationToken)
    {
        if (await _registry.FindModelAsync(name, cancellationToken) is not { } model)
        {
            return _models.Remove(name);
        }

        ModelEntry entry = await ReadAsync(model, cancellationToken);
        bool isSame = _models.TryGetValue(name, out ModelEntry? before) && before.ServesTheSame(entry);
        _models[name] = isSame ? before! : entry;
        return !isSame;
    }

    private async Task<ModelEntry> ReadAsync(RegisteredModel model, CancellationToken cancellationToken)
    {
        long? newest = model.Aliases.Count == 0 && _options.ServeWithoutAlias ? await NewestVersionAsync(model.Name, cancellationToken) : null;
        List<ModelVersion> versions = [];
        foreach (long number in ServedModel.Needed(model, newest))
        {
            if (await _registry.FindVersionAsync(model.Name, number, cancellationToken) is { } version)
            {
                versions.Add(version);
            }
        }

        return Make(model, versions);
    }

    private async Task<long> NewestAsync(CancellationToken cancellationToken)
    {
        await foreach (long newest in _registry.WatchAsync(cancellationToken))
        {
            return newest;
        }

        return 0;
    }

    private async Task<long?> NewestVersionAsync(string model, CancellationToken cancellationToken)
    {
        SearchQuery query = new()
        {
            Clauses = [new SearchClause(SearchField.Attribute, "name", SearchOperator.Equal, [new SearchValue(model, null)])],
            Order = [new SearchOrder(SearchField.Attribute, "version_number", Descending: true)],
            MaxResults = 1,
        };
        return (await _registry.SearchVersionsAsync(query, cancellationToken)).Items is [var newest, ..] ? newest.Number : null;
    }

    private ModelEntry Make(RegisteredModel model, IReadOnlyList<ModelVersion> versions)
    {
        ModelEntry? before = _models.GetValueOrDefault(model.Name);
        return new ModelEntry(model, versions, ServedModel.From(model, versions, version => before?.ArtifactOf(version) ?? new RegistryModelArtifact(version.Manifest!, _blobs), _options));
    }

    private DesiredState ToState() => new(_models.ToDictionary(static pair => pair.Key, static pair => pair.Value.Desired, StringComparer.Ordinal));

    private async Task<DesiredState> FromSnapshotAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_snapshot is not null && await _snapshot.ReadAsync(cancellationToken) is { } kept)
            {
                _models = kept.ToDictionary(static pair => pair.Model.Name, pair => Make(pair.Model, pair.Versions), StringComparer.Ordinal);
            }

            return ToState();
        }
        finally
        {
            _gate.Release();
        }
    }

    private void Here()
    {
        RegistrySourceStatus before = _status;
        _status = new RegistrySourceStatus(true, before.IsAvailable ? before.Since : _time.GetUtcNow(), _sequence, null);
        if (!before.IsAvailable)
        {
            LogBack(_logger);
        }
    }

    private void Away(Exception fault)
    {
        RegistrySourceStatus before = _status;
        string problem = fault is SlipwayException known ? known.Message : fault is TimeoutException ? "the store does not answer" : "the store can't be read";
        _status = new RegistrySourceStatus(false, before.IsAvailable ? _time.GetUtcNow() : before.Since, Math.Max(_sequence, 0), problem);
        if (before.IsAvailable)
        {
            LogAway(_logger, fault);
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

    [LoggerMessage(6101, LogLevel.Warning, "The registry's store is away; what is served stays as it was last known")]
    private static partial void LogAway(ILogger logger, Exception exception);

    [LoggerMessage(6102, LogLevel.Information, "The registry's store is back")]
    private static partial void LogBack(ILogger logger);
}
