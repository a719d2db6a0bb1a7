using System.Globalization;
using System.Text;
using Slipway.Core;
using Slipway.Mlflow.Tracking;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Registry;

/// <summary>Makes a version of what a source names: the files that are there now, by their digests, whatever happens to the folder later.</summary>
internal sealed class VersionPublisher(
    IModelRegistry registry, ITrackingStore tracking, IArtifactStore artifacts, VersionSources sources, IVersionInspector? inspector = null)
{
    /// <summary>Creates the version that the fields describe.</summary>
    public async Task<ModelVersion> PublishAsync(string model, MlflowCall call)
    {
        string source = call.Fields.Required("source");
        Dictionary<string, string> tags = MlflowPairs.Tags(call.Fields, "tags", MlflowLimits.CheckRegistryTag);
        string? id = call.Fields.Text("model_id") is { Length: > 0 } given ? given : null;
        bool prompt = tags.ContainsKey(MlflowTags.IsPrompt) && Prompts.IsPlaceholder(source);
        VersionSource found = prompt ? new VersionSource(source, null) : await sources.ResolveAsync(source, call.Cancellation);
        LoggedModel? logged = id is null
            ? found.Model
            : await tracking.FindLoggedModelAsync(id, call.Cancellation) ?? throw MlflowException.NotFound($"Logged model with ID '{id}' not found.");
        string? run = call.Fields.Text("run_id") is { Length: > 0 } runId ? MlflowLimits.CheckRunId(runId) : logged?.SourceRunId ?? found.Copied?.RunId;
        ModelManifest? manifest = await FreezeAsync(found, call.Cancellation);
        VersionFacts facts = manifest is null || inspector is null ? VersionFacts.Unknown : await inspector.InspectAsync(model, manifest, call.Cancellation);
        ModelVersion version = await registry.CreateVersionAsync(
            new NewModelVersion
            {
                Model = model,
                Manifest = manifest,
                Source = source,
                Format = facts.Format,
                SignatureJson = facts.SignatureJson,
                Description = call.Fields.Text("description"),
                Tags = tags,
                Parameters = logged?.Parameters ?? new Dictionary<string, string>(),
                Metrics = LatestMetrics(logged),
                RunId = run,
                RunLink = call.Fields.Text("run_link"),
                LoggedModelId = logged?.Id,
            },
            call.Change,
            call.Cancellation);
        if (logged is not null)
        {
            await NoteAsync(logged, version, call);
        }

        return version;
    }

    private async Task<ModelManifest?> FreezeAsync(VersionSource source, CancellationToken cancellation)
    {
        if (source.Copied is { } copied)
        {
            return copied.Manifest;
        }

        if (source.Folder is not { Length: > 0 } folder)
        {
            return null;
        }

        IReadOnlyList<ArtifactFile> files = await artifacts.ListFilesAsync(folder, cancellation);
        return files.Count == 0 ? null : new ModelManifest(files);
    }

    private static Dictionary<string, double> LatestMetrics(LoggedModel? model)
    {
        Dictionary<string, double> metrics = new(StringComparer.Ordinal);
        foreach (MetricPoint point in model?.Metrics ?? [])
        {
            metrics[point.Key] = point.Value;
        }

        return metrics;
    }

    // What a logged model became is written down at the model too: clients of 3.x read it there.
    private async Task NoteAsync(LoggedModel model, ModelVersion version, MlflowCall call)
    {
        StringBuilder text = new();
        text.Append(model.Tags.GetValueOrDefault(MlflowTags.ModelVersions) is { Length: > 2 } list && list[0] == '[' && list[^1] == ']' ? list[..^1] + ", " : "[");
        text.Append("{\"name\": ");
        PythonJson.WriteText(text, version.Model);
        text.Append(CultureInfo.InvariantCulture, $", \"version\": {version.Number}}}]");
        try
        {
            await tracking.SetLoggedModelTagsAsync(
                model.Id, new Dictionary<string, string> { [MlflowTags.ModelVersions] = text.ToString() }, call.Change, call.Cancellation);
        }
        catch (SlipwayException denied) when (denied.Code == ErrorCode.PermissionDenied)
        {
            // Who may register a model that others logged, and not write to their experiment, leaves no note there: the version is made all the same.
        }
    }
}
