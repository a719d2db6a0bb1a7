using System.Text.Json;
using Slipway.Core;
using Slipway.Registry.Database;

namespace Slipway.Registry.Models;

/// <summary>Creates versions: the model when asked, the manifest, the version, its tags and event in one transaction, or nothing.</summary>
internal sealed class VersionCreation(RegistryStore store, IBlobStore blobs, StageNames stages, VersionRows versions)
{
    public Task<ModelVersion> CreateAsync(NewModelVersion version, ChangeContext change, CancellationToken cancellationToken)
    {
        Check(version, change);
        return store.WriteAsync(WriteScope.Registry, async session =>
        {
            long time = await EventLog.TimeAsync(session, store.Now());
            ModelRow model = await ModelRows.FindAsync(session, version.Model, forUpdate: true)
                ?? (version.CreateModel
                    ? await ModelCommands.InsertAsync(session, version.Model, null, new Dictionary<string, string>(), change, time)
                    : throw new SlipwayException(ErrorCode.ModelNotFound, $"there is no model '{version.Model}'"));
            if (version.ParentVersion is { } parent)
            {
                await VersionRows.GetAsync(session, model.Name, parent);
            }

            if (version.Manifest is { } manifest)
            {
                await CheckBlobsAsync(manifest, cancellationToken);
                await ManifestTable.AddAsync(session, manifest);
            }

            long number = model.NextVersion;
            await session.ExecuteAsync("update models set next_version = @next, updated_at = @time where id = @Id", new { next = number + 1, time, model.Id });
            VersionRow row = Row(version, model, number, time, change);
            row.Id = await InsertAsync(session, row);
            await TagTable.Versions.AddAsync(session, row.Id, version.Tags);
            await EventLog.WriteAsync(session, time, change, RegistryEventKinds.VersionCreated, model, number, new EventDetail { Version = Facts(version, row) });
            return await versions.LoadAsync(session, row);
        }, cancellationToken);
    }

    private static void Check(NewModelVersion version, ChangeContext change)
    {
        ModelNames.Model(version.Model);
        ModelNames.Change(change);
        StoredText.Value(version.Source, "the source");
        StoredText.Optional(version.Format, "the format");
        StoredText.Optional(version.SignatureJson, "the signature");
        StoredText.Optional(version.Description, "the description");
        StoredText.Optional(version.RunLink, "the link to the run");
        foreach ((string? key, string what) in ((string?, string)[])
            [(version.RunId, "the run"), (version.LoggedModelId, "the logged model"), (version.TrainingDataDigest, "the digest of the training data")])
        {
            _ = key is { Length: > 0 } ? StoredText.Key(key, what) : null;
        }

        StoredText.Pairs(version.Tags, "tag");
        StoredText.Pairs(version.Parameters, "parameter");
        foreach (string key in version.Metrics.Keys)
        {
            StoredText.Key(key, "the key of a metric");
        }
    }

    /// <summary>Collection deletes in such a transaction too: what is there now stays, for the version refers to it from here on.</summary>
    private async Task CheckBlobsAsync(ModelManifest manifest, CancellationToken cancellationToken)
    {
        foreach (ArtifactFile file in manifest.Files.DistinctBy(static file => file.Digest))
        {
            long? length = await blobs.GetLengthAsync(file.Digest, cancellationToken);
            if (length != file.Length)
            {
                throw new SlipwayException(ErrorCode.FailedPrecondition, length is null
                    ? $"the content of '{file.Path}' ({file.Digest}) is not stored; send it before the version"
                    : FormattableString.Invariant($"the content of '{file.Path}' ({file.Digest}) has {length} bytes, not {file.Length}"));
            }
        }
    }

    private VersionRow Row(NewModelVersion version, ModelRow model, long number, long time, ChangeContext change) => new()
    {
        ModelId = model.Id,
        Model = model.Name,
        Number = number,
        Manifest = version.Manifest?.Digest.ToString(),
        Status = (long)VersionStatus.Ready,
        Stage = stages.First,
        Source = version.Source,
        Format = version.Format,
        SignatureJson = version.SignatureJson,
        Description = version.Description,
        ParametersJson = version.Parameters.Count == 0 ? null : JsonSerializer.Serialize(version.Parameters, EventJson.Default.IReadOnlyDictionaryStringString),
        MetricsJson = version.Metrics.Count == 0 ? null : JsonSerializer.Serialize(version.Metrics, EventJson.Default.IReadOnlyDictionaryStringDouble),
        RunId = Given(version.RunId),
        RunLink = version.RunLink,
        LoggedModelId = Given(version.LoggedModelId),
        TrainingDataDigest = Given(version.TrainingDataDigest),
        ParentVersion = version.ParentVersion,
        CreatedAt = time,
        UpdatedAt = time,
        CreatedBy = change.Actor,
    };

    private static string? Given(string? text) => text is { Length: > 0 } ? text : null;

    private static Task<long> InsertAsync(RegistrySession session, VersionRow row) => session.ExactNumberAsync(
        """
        insert into versions (model_id, model, number, manifest, status, status_message, stage, source, format, signature_json, description, parameters_json, metrics_json,
            run_id, run_link, logged_model_id, training_data_digest, parent_version, created_at, updated_at, created_by)
        values (@ModelId, @Model, @Number, @Manifest, @Status, @StatusMessage, @Stage, @Source, @Format, @SignatureJson, @Description, @ParametersJson, @MetricsJson,
            @RunId, @RunLink, @LoggedModelId, @TrainingDataDigest, @ParentVersion, @CreatedAt, @UpdatedAt, @CreatedBy)
        returning id
        """,
        row);

    private static VersionFacts Facts(NewModelVersion version, VersionRow row) => new()
    {
        Digest = row.Manifest,
        Stage = row.Stage,
        Source = row.Source.Length == 0 ? null : row.Source,
        Format = row.Format,
        Signature = row.SignatureJson,
        Description = row.Description,
        Tags = version.Tags.Count == 0 ? null : version.Tags,
        Parameters = version.Parameters.Count == 0 ? null : version.Parameters,
        Metrics = version.Metrics.Count == 0 ? null : version.Metrics,
        RunId = row.RunId,
        RunLink = row.RunLink,
        LoggedModelId = row.LoggedModelId,
        TrainingDataDigest = row.TrainingDataDigest,
        ParentVersion = row.ParentVersion,
    };
}
