using System.Globalization;
using Slipway.Client.Registry;
using Slipway.Core;

namespace Slipway.Server.Registry;

/// <summary>
/// The registry as the management API offers it, over the store itself: for the endpoints, and for commands that work without a server. One object acts for one caller.
/// </summary>
/// <param name="registry">Models, versions and aliases.</param>
/// <param name="blobs">Content.</param>
/// <param name="files">Checks what is published.</param>
/// <param name="options">Bounds.</param>
/// <param name="audit">Keeps who decided what.</param>
/// <param name="actor">Who acts.</param>
internal sealed class RegistryOperations(
    IModelRegistry registry, IBlobStore blobs, PublishedContent files, RegistryLimits options, RegistryAudit audit, string actor) : IRegistryApi
{
    private const int MostResults = 1000;
    private const int MostChanges = 10_000;
    private const string Nowhere = "none";

    private static readonly IReadOnlyDictionary<string, string> NoText = new Dictionary<string, string>();

    /// <inheritdoc/>
    public async Task<RegistryModelPage> ListModelsAsync(string? search, string? pageToken, int maxResults, CancellationToken cancellationToken)
    {
        SearchQuery query = new()
        {
            Clauses = string.IsNullOrEmpty(search) ? [] : [Clause("name", SearchOperator.LikeIgnoringCase, $"%{search}%")],
            MaxResults = Bounded(maxResults, MostResults),
            PageToken = pageToken,
        };
        SearchPage<RegisteredModel> page = await registry.SearchModelsAsync(query, cancellationToken);

        // '%' and '_' of the search stand for themselves.
        IEnumerable<RegisteredModel> found = page.Items.Where(model => search is null || model.Name.Contains(search, StringComparison.OrdinalIgnoreCase));
        return new RegistryModelPage([.. found.Select(RegistryDescriptions.Describe)], page.NextPageToken);
    }

    /// <inheritdoc/>
    public async Task<RegistryModel> GetModelAsync(string model, CancellationToken cancellationToken) =>
        RegistryDescriptions.Describe(await FindAsync(model, cancellationToken));

    /// <inheritdoc/>
    public async Task<RegistryModel> CreateModelAsync(NewRegistryModel model, CancellationToken cancellationToken) =>
        RegistryDescriptions.Describe(await registry.CreateModelAsync(model.Name, model.Description, model.Tags ?? NoText, Because(model.Reason), cancellationToken));

    /// <inheritdoc/>
    public async Task<RegistryModel> EditModelAsync(string model, RegistryEdit edit, CancellationToken cancellationToken)
    {
        ChangeContext change = Because(edit.Reason);
        await FindAsync(model, cancellationToken);
        foreach ((string key, string? value) in edit.Tags ?? new Dictionary<string, string?>())
        {
            await registry.SetModelTagAsync(model, key, value, change, cancellationToken);
        }

        if (edit.Description is { } description)
        {
            await registry.DescribeModelAsync(model, description.Length > 0 ? description : null, change, cancellationToken);
        }

        RegisteredModel changed = edit.Name is { } name && name != model
            ? await registry.RenameModelAsync(model, name, change, cancellationToken)
            : await FindAsync(model, cancellationToken);
        return RegistryDescriptions.Describe(changed);
    }

    /// <inheritdoc/>
    public Task DeleteModelAsync(string model, string? reason, CancellationToken cancellationToken) => AuditedAsync(
        "model.delete", new AuditSubject("model", model), reason, () => Done(registry.DeleteModelAsync(model, Because(reason), cancellationToken)), cancellationToken);

    /// <inheritdoc/>
    public async Task<RegistryVersionPage> ListVersionsAsync(string model, string? pageToken, int maxResults, CancellationToken cancellationToken)
    {
        await FindAsync(model, cancellationToken);
        SearchQuery query = new()
        {
            Clauses = [Clause("name", SearchOperator.Equal, model)],
            Order = [new SearchOrder(SearchField.Attribute, "version_number", Descending: true)],
            MaxResults = Bounded(maxResults, MostResults),
            PageToken = pageToken,
        };
        SearchPage<ModelVersion> page = await registry.SearchVersionsAsync(query, cancellationToken);
        return new RegistryVersionPage([.. page.Items.Select(RegistryDescriptions.Describe)], page.NextPageToken);
    }

    /// <inheritdoc/>
    public async Task<RegistryVersion> GetVersionAsync(string model, string version, CancellationToken cancellationToken) =>
        RegistryDescriptions.Describe(await FindAsync(model, version, cancellationToken));

    /// <inheritdoc/>
    public async Task<UploadedBlob> UploadAsync(Stream content, CancellationToken cancellationToken)
    {
        BlobInfo blob = await blobs.PutAsync(content, options.MaxBlobBytes, cancellationToken);
        return new UploadedBlob(blob.Digest.ToString(), blob.Length);
    }

    /// <inheritdoc/>
    public async Task<RegistryVersion> PublishAsync(string model, NewRegistryVersion version, CancellationToken cancellationToken)
    {
        ModelManifest manifest = await files.CheckAsync(version.Files, cancellationToken);
        InspectedVersion inspected = await files.InspectAsync(model, manifest, cancellationToken);
        NewModelVersion published = new()
        {
            Model = model,
            Manifest = manifest,
            Format = inspected.Format,
            SignatureJson = inspected.SignatureJson,
            Source = version.Source ?? "",
            Description = version.Description,
            Tags = version.Tags ?? NoText,
            Parameters = version.Parameters ?? NoText,
            Metrics = version.Metrics ?? new Dictionary<string, double>(),
            RunId = version.RunId,
            RunLink = version.RunLink,
            TrainingDataDigest = version.TrainingDataDigest is { } data ? Sha256Digest.Parse(data).ToString() : null,
            ParentVersion = version.ParentVersion,
            CreateModel = version.CreateModel,
        };
        ModelVersion created = await registry.CreateVersionAsync(published, Because(version.Reason), cancellationToken);
        return RegistryDescriptions.Describe(created) with { Notices = inspected.Notices };
    }

    /// <inheritdoc/>
    public async Task<Stream> DownloadAsync(string model, string version, string path, CancellationToken cancellationToken)
    {
        ArtifactFile file = await FindFileAsync(model, version, path, cancellationToken);
        return await blobs.OpenReadAsync(file.Digest, cancellationToken);
    }

    /// <summary>A file of a version.</summary>
    public async Task<ArtifactFile> FindFileAsync(string model, string version, string path, CancellationToken cancellationToken)
    {
        ModelVersion found = await FindAsync(model, version, cancellationToken);
        return found.Manifest?.Files.FirstOrDefault(candidate => candidate.Path == path)
            ?? throw new SlipwayException(ErrorCode.NotFound, $"model '{model}' version {found.Number} has no file '{path}'");
    }

    /// <inheritdoc/>
    public async Task<RegistryVersion> EditVersionAsync(string model, string version, RegistryEdit edit, CancellationToken cancellationToken)
    {
        if (edit.Name is not null)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "a version has no name to change: its number stays");
        }

        ChangeContext change = Because(edit.Reason);
        long number = (await FindAsync(model, version, cancellationToken)).Number;
        foreach ((string key, string? value) in edit.Tags ?? new Dictionary<string, string?>())
        {
            await registry.SetVersionTagAsync(model, number, key, value, change, cancellationToken);
        }

        if (edit.Description is { } description)
        {
            await registry.DescribeVersionAsync(model, number, description.Length > 0 ? description : null, change, cancellationToken);
        }

        return RegistryDescriptions.Describe(await FindAsync(model, Text(number), cancellationToken));
    }

    /// <inheritdoc/>
    public async Task DeleteVersionAsync(string model, string version, string? reason, CancellationToken cancellationToken)
    {
        long number = (await FindAsync(model, version, cancellationToken)).Number;
        await AuditedAsync("version.delete", Subject(model, number), reason, () => Done(registry.DeleteVersionAsync(model, number, Because(reason), cancellationToken)), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<RegistryVersion> SetStageAsync(string model, string version, StageMove move, CancellationToken cancellationToken)
    {
        long number = (await FindAsync(model, version, cancellationToken)).Number;
        return RegistryDescriptions.Describe(await AuditedAsync(
            "version.stage", Subject(model, number), move.Reason,
            () => registry.SetStageAsync(model, number, move.Stage, move.ArchiveOthers, Because(move.Reason), cancellationToken), cancellationToken));
    }

    /// <inheritdoc/>
    public async Task<RegistryVersion> ApproveAsync(string model, string version, string? comment, CancellationToken cancellationToken)
    {
        long number = (await FindAsync(model, version, cancellationToken)).Number;
        return RegistryDescriptions.Describe(await AuditedAsync(
            "version.approve", Subject(model, number), comment, () => registry.ApproveAsync(model, number, comment, Because(comment), cancellationToken), cancellationToken));
    }

    /// <inheritdoc/>
    public async Task<AliasMoved> SetAliasAsync(string model, string alias, AliasMove move, CancellationToken cancellationToken)
    {
        AliasExpectation expected = move.Expect switch
        {
            null => AliasExpectation.Any,
            Nowhere => AliasExpectation.Absent,
            _ when long.TryParse(move.Expect, NumberStyles.None, CultureInfo.InvariantCulture, out long number) => AliasExpectation.At(number),
            _ => throw new SlipwayException(ErrorCode.InvalidRequest, $"expect: a version number or '{Nowhere}' is expected, not '{move.Expect}'"),
        };
        long? before = await AuditedAsync(
            "alias.move", new AuditSubject("alias", string.Create(CultureInfo.InvariantCulture, $"{model}@{alias} to {move.Version}")), move.Reason,
            () => registry.SetAliasAsync(model, alias, move.Version, expected, Because(move.Reason), cancellationToken), cancellationToken);
        return new AliasMoved(alias, move.Version, before);
    }

    /// <inheritdoc/>
    public async Task DeleteAliasAsync(string model, string alias, string? reason, CancellationToken cancellationToken)
    {
        await AuditedAsync("alias.delete", new AuditSubject("alias", $"{model}@{alias}"), reason, DeleteAsync, cancellationToken);

        async Task<bool> DeleteAsync() => await registry.DeleteAliasAsync(model, alias, Because(reason), cancellationToken)
            ? true
            : throw new SlipwayException(ErrorCode.VersionNotFound, $"model '{model}' has no alias '{alias}'");
    }

    /// <inheritdoc/>
    public async Task<RegistryPast> GetPastAsync(string model, DateTimeOffset asOf, CancellationToken cancellationToken) =>
        await registry.GetHistoryAsync(model, asOf, cancellationToken) is { } history
            ? RegistryDescriptions.Describe(history, asOf)
            : throw new SlipwayException(ErrorCode.ModelNotFound, $"there was no model '{model}' at {asOf.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");

    /// <inheritdoc/>
    public async Task<RegistryChanges> GetChangesAsync(string? model, long after, int maxResults, CancellationToken cancellationToken)
    {
        IReadOnlyList<RegistryEvent> events = await registry.GetEventsAsync(model, after, Bounded(maxResults, MostChanges), cancellationToken);
        return new RegistryChanges([.. events.Select(RegistryDescriptions.Describe)], events.Count > 0 ? events[^1].Sequence : after);
    }

    /// <inheritdoc/>
    public async Task<RegistryLineage> GetLineageAsync(string model, string version, CancellationToken cancellationToken)
    {
        long number = (await FindAsync(model, version, cancellationToken)).Number;
        return RegistryDescriptions.Describe(await registry.GetLineageAsync(model, number, cancellationToken));
    }

    private static SearchClause Clause(string attribute, SearchOperator comparison, string value) =>
        new(SearchField.Attribute, attribute, comparison, [new SearchValue(value, null)]);

    private static int Bounded(int maxResults, int most) => maxResults >= 1 && maxResults <= most
        ? maxResults
        : throw new SlipwayException(ErrorCode.InvalidRequest, $"maxResults: 1 to {most} is expected, not {maxResults}");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private Task<T> AuditedAsync<T>(string action, AuditSubject subject, string? reason, Func<Task<T>> work, CancellationToken cancellationToken) =>
        audit.RunAsync(actor, action, subject, string.IsNullOrEmpty(reason) ? null : reason, work, cancellationToken);

    private static AuditSubject Subject(string model, long number) => new("version", string.Create(CultureInfo.InvariantCulture, $"{model}:{number}"));

    private static async Task<bool> Done(Task work)
    {
        await work;
        return true;
    }

    private ChangeContext Because(string? reason) => new(actor, string.IsNullOrEmpty(reason) ? null : reason);

    private async Task<RegisteredModel> FindAsync(string model, CancellationToken cancellationToken) =>
        await registry.FindModelAsync(model, cancellationToken) ?? throw new SlipwayException(ErrorCode.ModelNotFound, $"the registry has no model '{model}'");

    private async Task<ModelVersion> FindAsync(string model, string version, CancellationToken cancellationToken)
    {
        VersionSelector selector = VersionSelector.Parse(version);
        ModelVersion? found = selector.Number is { } number
            ? await registry.FindVersionAsync(model, number, cancellationToken)
            : await registry.FindVersionByAliasAsync(model, version, cancellationToken);
        if (found is not null)
        {
            return found;
        }

        await FindAsync(model, cancellationToken);
        throw new SlipwayException(ErrorCode.VersionNotFound, $"model '{model}' has no {(selector.Number is null ? "alias" : "version")} '{version}'");
    }
}
