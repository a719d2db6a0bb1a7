using Slipway.Core;

namespace Slipway.Registry.Models;

/// <summary>A model as its events tell it: what is given to <see cref="Apply"/> in order becomes the state. Pure; the files of manifests come from the caller.</summary>
internal sealed class ModelPast
{
    private readonly SortedDictionary<long, ModelVersion> _versions = [];
    private readonly SortedDictionary<string, AliasPlacement> _aliases = new(StringComparer.Ordinal);
    private readonly Dictionary<long, string> _digests = [];
    private RegisteredModel? _model;

    /// <summary>Digests of the manifests of all versions that there are.</summary>
    public IEnumerable<string> Digests => _digests.Values;

    /// <summary>Name of the model; null while there is none.</summary>
    public string? Name => _model?.Name;

    /// <summary>The aliases that there are.</summary>
    public IEnumerable<AliasPlacement> Aliases => _aliases.Values;

    /// <summary>Numbers of the versions that there are, ascending.</summary>
    public IEnumerable<long> Numbers => _versions.Keys;

    /// <summary>Takes the next event.</summary>
    public void Apply(RegistryEvent happened)
    {
        EventDetail detail = EventDetail.FromJson(happened.DetailJson);
        switch (happened.Kind)
        {
            case RegistryEventKinds.ModelCreated:
                Begin(happened, detail.Model!);
                break;
            case RegistryEventKinds.ModelDeleted:
                _model = null;
                _versions.Clear();
                _aliases.Clear();
                _digests.Clear();
                break;
            case RegistryEventKinds.ModelRenamed:
                _model = _model! with { Name = detail.Name!.New! };
                break;
            case RegistryEventKinds.ModelUpdated:
                _model = _model! with
                {
                    Description = detail.Description is { } described ? described.New : _model.Description,
                    Tags = Tags(_model.Tags, detail.Tags),
                };
                break;
            case RegistryEventKinds.VersionCreated:
                Add(happened, detail.Version!);
                break;
            case RegistryEventKinds.VersionDeleted:
                _versions.Remove(happened.Version!.Value);
                _digests.Remove(happened.Version.Value);
                break;
            case RegistryEventKinds.AliasMoved or RegistryEventKinds.AliasDeleted:
                Place(happened, detail.Aliases!);
                break;
            default:
                Change(happened, detail);
                break;
        }

        if (_model is not null)
        {
            _model = _model with { UpdatedAt = happened.Time };
        }
    }

    /// <summary>The state after the last event; null when the model does not exist then.</summary>
    public ModelHistory? ToHistory(IReadOnlyDictionary<string, ModelManifest> manifests)
    {
        if (_model is null)
        {
            return null;
        }

        ILookup<long, string> aliases = _aliases.Values.ToLookup(static alias => alias.Version, static alias => alias.Alias);
        return new ModelHistory(
            _model with { Aliases = _aliases.Values.ToDictionary(static alias => alias.Alias, static alias => alias.Version, StringComparer.Ordinal) },
            [.. _versions.Values.Select(version => version with
            {
                Model = _model.Name,
                Manifest = _digests.TryGetValue(version.Number, out string? digest) ? manifests[digest] : null,
                Aliases = [.. aliases[version.Number]],
            })],
            [.. _aliases.Values]);
    }

    private void Begin(RegistryEvent happened, ModelFacts facts) => _model = new RegisteredModel
    {
        Name = happened.Model!,
        Description = facts.Description,
        Tags = facts.Tags ?? new Dictionary<string, string>(),
        CreatedAt = happened.Time,
        UpdatedAt = happened.Time,
        CreatedBy = happened.Actor,
    };

    private void Add(RegistryEvent happened, VersionFacts facts)
    {
        long number = happened.Version!.Value;
        if (facts.Digest is not null)
        {
            _digests[number] = facts.Digest;
        }

        _versions[number] = new ModelVersion
        {
            Model = happened.Model!,
            Number = number,
            Stage = facts.Stage,
            Source = facts.Source ?? "",
            Format = facts.Format,
            SignatureJson = facts.Signature,
            Description = facts.Description,
            Tags = facts.Tags ?? new Dictionary<string, string>(),
            Parameters = facts.Parameters ?? new Dictionary<string, string>(),
            Metrics = facts.Metrics ?? new Dictionary<string, double>(),
            RunId = facts.RunId,
            RunLink = facts.RunLink,
            LoggedModelId = facts.LoggedModelId,
            TrainingDataDigest = facts.TrainingDataDigest,
            ParentVersion = facts.ParentVersion,
            CreatedAt = happened.Time,
            UpdatedAt = happened.Time,
            CreatedBy = happened.Actor,
        };
    }

    private void Change(RegistryEvent happened, EventDetail detail)
    {
        if (happened.Version is not { } number || !_versions.TryGetValue(number, out ModelVersion? version))
        {
            return;
        }

        _versions[number] = version with
        {
            Description = detail.Description is { } described ? described.New : version.Description,
            Tags = Tags(version.Tags, detail.Tags),
            Stage = detail.Stage?.New ?? version.Stage,
            Approvals = happened.Kind == RegistryEventKinds.VersionApproved
                ? [.. version.Approvals, new Approval(happened.Actor, happened.Time, detail.Comment)]
                : version.Approvals,
            UpdatedAt = happened.Time,
        };
    }

    private void Place(RegistryEvent happened, IReadOnlyDictionary<string, Changed<long?>> aliases)
    {
        foreach ((string alias, Changed<long?> moved) in aliases)
        {
            foreach (long number in ((long?[])[moved.Old, moved.New]).OfType<long>().Where(_versions.ContainsKey))
            {
                _versions[number] = _versions[number] with { UpdatedAt = happened.Time };
            }

            if (moved.New is { } target)
            {
                _aliases[alias] = new AliasPlacement(alias, target, happened);
            }
            else
            {
                _aliases.Remove(alias);
            }
        }
    }

    private static IReadOnlyDictionary<string, string> Tags(IReadOnlyDictionary<string, string> tags, IReadOnlyDictionary<string, Changed<string>>? changes)
    {
        if (changes is null)
        {
            return tags;
        }

        Dictionary<string, string> changed = new(tags, StringComparer.Ordinal);
        foreach ((string key, Changed<string> value) in changes)
        {
            if (value.New is null)
            {
                changed.Remove(key);
            }
            else
            {
                changed[key] = value.New;
            }
        }

        return changed;
    }
}
