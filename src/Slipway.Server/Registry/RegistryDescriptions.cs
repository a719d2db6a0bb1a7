using System.Text.Json;
using Slipway.Client.Registry;
using Slipway.Core;

namespace Slipway.Server.Registry;

/// <summary>What the registry holds, in the words of the management API.</summary>
internal static class RegistryDescriptions
{
    /// <summary>Describes a model.</summary>
    public static RegistryModel Describe(RegisteredModel model) => new(model.Name, model.CreatedAt, model.UpdatedAt, model.CreatedBy)
    {
        Description = model.Description,
        Tags = model.Tags,
        Aliases = model.Aliases,
    };

    /// <summary>Describes a version.</summary>
    public static RegistryVersion Describe(ModelVersion version) => new(
        version.Model, version.Number, Word(version.Status), version.Stage, version.CreatedAt, version.UpdatedAt, version.CreatedBy)
    {
        Digest = version.Manifest?.Digest.ToString(),
        Bytes = version.Manifest?.TotalBytes ?? 0,
        Files = [.. version.Manifest?.Files.Select(static file => new RegistryFile(file.Path, file.Digest.ToString(), file.Length)) ?? []],
        StatusMessage = version.StatusMessage,
        Source = version.Source.Length > 0 ? version.Source : null,
        Format = version.Format,
        Signature = version.SignatureJson is { } signature ? Json(signature) : null,
        Description = version.Description,
        Tags = version.Tags,
        Parameters = version.Parameters,
        Metrics = version.Metrics,
        RunId = version.RunId,
        RunLink = version.RunLink,
        LoggedModelId = version.LoggedModelId,
        TrainingDataDigest = version.TrainingDataDigest,
        ParentVersion = version.ParentVersion,
        Aliases = version.Aliases,
        Approvals = Describe(version.Approvals),
    };

    /// <summary>Describes a moment of the past.</summary>
    public static RegistryPast Describe(ModelHistory history, DateTimeOffset asOf) => new(
        asOf,
        Describe(history.Model),
        [
            .. history.Aliases.OrderBy(static placement => placement.Alias, StringComparer.Ordinal).Select(placement => new PastAlias(
                placement.Alias, placement.Version, placement.Move.Time, placement.Move.Actor, placement.Move.Reason,
                Describe(history.Versions.FirstOrDefault(version => version.Number == placement.Version)?.Approvals ?? []))),
        ],
        [.. history.Versions.Select(Describe)]);

    /// <summary>Describes a change.</summary>
    public static RegistryChange Describe(RegistryEvent change) => new(
        change.Sequence, change.Time, change.Actor, change.Kind, change.Model, change.Version, change.Reason, Json(change.DetailJson));

    /// <summary>Describes a lineage.</summary>
    public static RegistryLineage Describe(VersionLineage lineage) => new(
        Describe(lineage.Version),
        lineage.Run is { } run ? new LineageRun(run.Id, run.ExperimentId, run.Name, Word(run.Status), run.Parameters) : null,
        [.. lineage.Datasets.Select(static dataset => new LineageDataset(dataset.Name, dataset.Digest, dataset.Source))],
        lineage.Parent is { } parent ? Describe(parent) : null,
        [.. lineage.Children.Select(Describe)],
        [.. lineage.SameData.Select(Describe)],
        [.. lineage.SameContent.Select(Describe)]);

    private static RegistryApproval[] Describe(IReadOnlyList<Approval> approvals) =>
        [.. approvals.Select(static approval => new RegistryApproval(approval.Actor, approval.Time, approval.Comment))];

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static JsonElement Json(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
