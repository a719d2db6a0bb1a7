using System.Globalization;
using System.Security.Cryptography;
using Slipway.Client.Registry;
using Slipway.Core;
using Slipway.Server.Registry.Declarations;

namespace Slipway.Cli.Registry;

/// <summary>What has to be done so that a registry holds what is declared, step by step.</summary>
/// <param name="session">The registry.</param>
internal sealed class ApplyPlan(RegistrySession session)
{
    private readonly List<PlannedStep> _steps = [];
    private readonly List<string> _notices = [];

    /// <summary>The steps, in order; none when everything is as declared.</summary>
    public IReadOnlyList<PlannedStep> Steps => _steps;

    /// <summary>What is declared but can't be made so.</summary>
    public IReadOnlyList<string> Notices => _notices;

    /// <summary>Adds what one model needs.</summary>
    public async Task AddAsync(DeclaredModel declared)
    {
        IRegistryApi api = session.Api;
        string name = declared.Name;
        PublishedVersions there = await PublishedVersions.ReadAsync(api, name, session.Cancellation);
        if (there.Model is null)
        {
            NewRegistryModel model = new(name) { Description = declared.Description, Tags = declared.Tags };
            Add(name, "+ create the model", () => api.CreateModelAsync(model, session.Cancellation));
        }
        else if (ModelEdit(declared, there.Model) is { } edit)
        {
            Add(name, "~ change description or tags", () => api.EditModelAsync(name, edit, session.Cancellation));
        }

        Dictionary<string, long> numbers = new(StringComparer.Ordinal);
        foreach (DeclaredVersion version in declared.Versions)
        {
            await AddVersionAsync(name, version, there, numbers);
        }

        foreach ((string alias, string target) in declared.Aliases.OrderBy(static alias => alias.Key, StringComparer.Ordinal))
        {
            AddAlias(name, alias, target, there, numbers);
        }
    }

    private async Task AddVersionAsync(string name, DeclaredVersion declared, PublishedVersions there, Dictionary<string, long> numbers)
    {
        IReadOnlyList<LocalFile> files = LocalFiles.Of(declared.FullPath);
        string digest = await DigestOfAsync(files);
        if (there.ByDigest.TryGetValue(digest, out RegistryVersion? known))
        {
            numbers[declared.Path] = known.Number;
            AddVersionEdit(name, declared, known);
            return;
        }

        NewRegistryVersion version = new([])
        {
            CreateModel = true,
            Description = declared.Description,
            Tags = declared.Tags,
            Parameters = declared.Parameters,
            Metrics = declared.Metrics,
            RunId = declared.RunId,
            TrainingDataDigest = declared.TrainingData,
        };
        Add(name, $"+ publish {declared.Path}", async () =>
        {
            IReadOnlyList<RegistryFile> sent = await VersionUpload.SendAsync(session.Api, files, session.Terminal, session.Cancellation);
            RegistryVersion published = await session.Api.PublishAsync(name, version with { Files = sent }, session.Cancellation);
            numbers[declared.Path] = published.Number;
        });
    }

    private void AddVersionEdit(string name, DeclaredVersion declared, RegistryVersion known)
    {
        Dictionary<string, string?> tags = declared.Tags
            .Where(tag => known.Tags.GetValueOrDefault(tag.Key) != tag.Value)
            .ToDictionary(static tag => tag.Key, static string? (tag) => tag.Value);
        string? description = declared.Description is { } text && text != known.Description ? text : null;
        if (tags.Count > 0 || description is not null)
        {
            string number = known.Number.ToString(CultureInfo.InvariantCulture);
            RegistryEdit edit = new() { Tags = tags, Description = description };
            Add(name, $"~ change description or tags of version {number}", () => session.Api.EditVersionAsync(name, number, edit, session.Cancellation));
        }

        bool differs = declared.Parameters.Any(pair => known.Parameters.GetValueOrDefault(pair.Key) != pair.Value)
            || declared.Metrics.Any(pair => !known.Metrics.TryGetValue(pair.Key, out double value) || !value.Equals(pair.Value));
        if (differs)
        {
            _notices.Add($"{name}:{known.Number} has other parameters or metrics than declared: those of a version never change");
        }
    }

    private void AddAlias(string name, string alias, string target, PublishedVersions there, Dictionary<string, long> numbers)
    {
        long? wanted = numbers.TryGetValue(target, out long published) ? published
            : long.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
        long? now = there.Model?.Aliases.TryGetValue(alias, out long current) == true ? current : null;
        if (wanted is not null && wanted == now)
        {
            return;
        }

        string from = now is { } before ? string.Create(CultureInfo.InvariantCulture, $", was {before}") : "";
        string to = wanted is { } known ? known.ToString(CultureInfo.InvariantCulture) : target;
        Add(name, $"~ point {alias} at {to}{from}", () => session.Api.SetAliasAsync(
            name, alias, new AliasMove(wanted ?? numbers[target]) { Expect = now?.ToString(CultureInfo.InvariantCulture) ?? "none" }, session.Cancellation));
    }

    private static RegistryEdit? ModelEdit(DeclaredModel declared, RegistryModel model)
    {
        Dictionary<string, string?> tags = declared.Tags
            .Where(tag => model.Tags.GetValueOrDefault(tag.Key) != tag.Value)
            .ToDictionary(static tag => tag.Key, static string? (tag) => tag.Value);
        string? description = declared.Description is { } text && text != model.Description ? text : null;
        return tags.Count > 0 || description is not null ? new RegistryEdit { Tags = tags, Description = description } : null;
    }

    private async Task<string> DigestOfAsync(IReadOnlyList<LocalFile> files)
    {
        List<ArtifactFile> hashed = [];
        foreach (LocalFile file in files)
        {
            await using FileStream content = File.OpenRead(file.Path);
            byte[] hash = await SHA256.HashDataAsync(content, session.Cancellation);
            hashed.Add(new ArtifactFile(file.Name, Sha256Digest.FromHash(hash), content.Length));
        }

        return new ModelManifest(hashed).Digest.ToString();
    }

    private void Add(string model, string text, Func<Task> run) => _steps.Add(new PlannedStep(model, text, run));
}

/// <summary>One step of a plan.</summary>
/// <param name="Model">Model that it concerns.</param>
/// <param name="Text">What it does, with a sign in front: + for new, ~ for changed.</param>
/// <param name="Run">Does it.</param>
internal sealed record PlannedStep(string Model, string Text, Func<Task> Run);
