using Slipway.Core;

namespace Slipway.Registry.Serving;

/// <summary>The models of a registry as they were last read, with what is served of each. Reads again only those that events name. Not thread-safe.</summary>
internal sealed class ServedRegistry(IModelRegistry registry, IBlobStore blobs, RegistryModelSourceOptions options)
{
    private const int EventsAtOnce = 1000;
    private const int ModelsAtOnce = 1000;

    private Dictionary<string, ModelEntry> _models = new(StringComparer.Ordinal);
    private long _read = -1;

    /// <summary>Sequence of the last event that is taken into account; null: nothing was read yet.</summary>
    public long? Sequence => _read < 0 ? null : _read;

    /// <summary>Whether nothing was read and nothing restored yet.</summary>
    public bool IsUnknown => _read < 0 && _models.Count == 0;

    /// <summary>Every model.</summary>
    public IReadOnlyCollection<ModelEntry> Entries => _models.Values;

    /// <summary>What is to be served.</summary>
    public DesiredState ToState() => new(_models.ToDictionary(static pair => pair.Key, static pair => pair.Value.Desired, StringComparer.Ordinal));

    /// <summary>Takes models as they were kept.</summary>
    public void Restore(IReadOnlyList<(RegisteredModel Model, IReadOnlyList<ModelVersion> Versions)> kept) =>
        _models = kept.ToDictionary(static pair => pair.Model.Name, pair => Make(pair.Model, pair.Versions), StringComparer.Ordinal);

    /// <summary>Reads everything at first, and then what has changed.</summary>
    /// <param name="newest">Sequence of the newest event, from before the first reading began.</param>
    /// <param name="cancellationToken">Gives up; what was read until then counts.</param>
    /// <returns>Whether anything that is served has changed.</returns>
    public Task<bool> UpdateAsync(long newest, CancellationToken cancellationToken) =>
        _read < 0 ? ReadAllAsync(newest, cancellationToken) : ReadChangesAsync(cancellationToken);

    // Events that come while it reads are read again afterwards: their sequence is larger.
    private async Task<bool> ReadAllAsync(long newest, CancellationToken cancellationToken)
    {
        Dictionary<string, ModelEntry> models = new(StringComparer.Ordinal);
        SearchQuery query = SearchQuery.All with { MaxResults = ModelsAtOnce };
        do
        {
            SearchPage<RegisteredModel> page = await registry.SearchModelsAsync(query, cancellationToken);
            foreach (RegisteredModel model in page.Items)
            {
                models[model.Name] = await ReadAsync(model, cancellationToken);
            }

            query = query with { PageToken = page.NextPageToken };
        }
        while (query.PageToken is not null);

        (_models, _read) = (models, newest);
        return true;
    }

    private async Task<bool> ReadChangesAsync(CancellationToken cancellationToken)
    {
        bool changed = false;
        while (true)
        {
            IReadOnlyList<RegistryEvent> events = await registry.GetEventsAsync(null, _read, EventsAtOnce, cancellationToken);
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
                _read = events[^1].Sequence;
            }

            if (events.Count < EventsAtOnce)
            {
                return changed;
            }
        }
    }

    private async Task<bool> ReadAgainAsync(string name, CancellationToken cancellationToken)
    {
        if (await registry.FindModelAsync(name, cancellationToken) is not { } model)
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
        long? newest = model.Aliases.Count == 0 && options.ServeWithoutAlias ? await NewestVersionAsync(model.Name, cancellationToken) : null;
        List<ModelVersion> versions = [];
        foreach (long number in ServedModel.Needed(model, newest))
        {
            if (await registry.FindVersionAsync(model.Name, number, cancellationToken) is { } version)
            {
                versions.Add(version);
            }
        }

        return Make(model, versions);
    }

    private async Task<long?> NewestVersionAsync(string model, CancellationToken cancellationToken)
    {
        SearchQuery query = new()
        {
            Clauses = [new SearchClause(SearchField.Attribute, "name", SearchOperator.Equal, [new SearchValue(model, null)])],
            Order = [new SearchOrder(SearchField.Attribute, "version_number", Descending: true)],
            MaxResults = 1,
        };
        return (await registry.SearchVersionsAsync(query, cancellationToken)).Items is [var newest, ..] ? newest.Number : null;
    }

    private ModelEntry Make(RegisteredModel model, IReadOnlyList<ModelVersion> versions)
    {
        ModelEntry? before = _models.GetValueOrDefault(model.Name);
        return new ModelEntry(model, versions, ServedModel.From(model, versions, version => before?.ArtifactOf(version) ?? new RegistryModelArtifact(version.Manifest!, blobs), options));
    }
}
