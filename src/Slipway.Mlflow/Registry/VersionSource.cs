using System.Globalization;
using Slipway.Core;
using Slipway.Mlflow.Artifacts;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Registry;

/// <summary>Where the files of a new version are.</summary>
/// <param name="Location">URI that clients can download from.</param>
/// <param name="Folder">Folder among this server's artifacts; null when the files are kept elsewhere.</param>
/// <param name="Model">Logged model that is registered; null when none.</param>
/// <param name="Copied">Version whose files are taken; null when none.</param>
internal sealed record VersionSource(string Location, string? Folder, LoggedModel? Model = null, ModelVersion? Copied = null);

/// <summary>Finds out what the source of a version means. Nothing outside this server is opened.</summary>
internal sealed class VersionSources(IModelRegistry registry, ITrackingStore tracking, VersionFolders versions)
{
    private const int MostSteps = 8;

    /// <summary>Resolves a source.</summary>
    /// <exception cref="MlflowException">It is local, foreign, leaves its folder, or names something that is not there.</exception>
    public async Task<VersionSource> ResolveAsync(string source, CancellationToken cancellation)
    {
        string text = source;
        LoggedModel? model = null;
        for (int step = 0; step < MostSteps; step++)
        {
            ArtifactUri uri = ArtifactUri.Parse(text);
            switch (uri.Kind)
            {
                case ArtifactUriKind.Proxied when VersionFolders.Holds(uri.Path):
                    return new VersionSource(text, null, model, await versions.FindWholeAsync(uri.Path, cancellation)
                        ?? throw MlflowException.NotFound($"There is no version at '{text}'."));
                case ArtifactUriKind.Proxied:
                    return new VersionSource(text, uri.Path, model);
                case ArtifactUriKind.ObjectStore:
                    return new VersionSource(text, null, model);
                case ArtifactUriKind.Run:
                    text = await RunLocationAsync(uri.Path, cancellation);
                    break;
                case ArtifactUriKind.Model when uri.Path.StartsWith("m-", StringComparison.Ordinal) && !uri.Path.Contains('/', StringComparison.Ordinal):
                    model = await tracking.FindLoggedModelAsync(uri.Path, cancellation)
                        ?? throw MlflowException.NotFound($"Logged model with ID '{uri.Path}' not found.");
                    text = model.ArtifactUri;
                    break;
                case ArtifactUriKind.Model:
                    ModelVersion version = await FindVersionAsync(uri.Path, source, cancellation);
                    return version.Manifest is not null || version.Source.Length == 0
                        ? new VersionSource(version.Source.Length > 0 ? (await ResolveAsync(version.Source, cancellation)).Location : text, null, model, version)
                        : await ResolveAsync(version.Source, cancellation);
                default:
                    throw Refused(source, uri.Kind);
            }
        }

        throw MlflowException.Invalid($"Invalid model version source: '{source}'. It refers to itself.");
    }

    private async Task<string> RunLocationAsync(string path, CancellationToken cancellation)
    {
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        string id = slash < 0 ? path : path[..slash];
        TrackedRun run = await tracking.FindRunAsync(MlflowLimits.CheckRunId(id), cancellation) ?? throw MlflowException.NotFound($"Run with id={id} not found");
        return slash < 0 ? run.ArtifactUri : $"{run.ArtifactUri}/{path[(slash + 1)..]}";
    }

    // name/version, name/stage, name/latest or name@alias
    private async Task<ModelVersion> FindVersionAsync(string path, string source, CancellationToken cancellation)
    {
        int at = path.LastIndexOf('@');
        if (at > 0)
        {
            return await registry.FindVersionByAliasAsync(path[..at], path[(at + 1)..], cancellation)
                ?? throw MlflowException.Invalid($"Registered model alias {path[(at + 1)..]} not found.");
        }

        int slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == path.Length - 1)
        {
            throw MlflowException.Invalid($"Invalid model version source: '{source}'. Expected models:/<name>/<version>, models:/<name>@<alias> or models:/m-<id>.");
        }

        (string name, string which) = (path[..slash], path[(slash + 1)..]);
        if (long.TryParse(which, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            return await registry.FindVersionAsync(name, number, cancellation)
                ?? throw MlflowException.NotFound($"Model Version (name={name}, version={which}) not found");
        }

        bool latest = which.Equals("latest", StringComparison.OrdinalIgnoreCase);
        string[] stages = latest ? [] : [Stages.Canonical(which)];
        _ = await registry.FindModelAsync(name, cancellation) ?? throw RegistryLookup.UnknownModel(name);
        return (await registry.GetLatestVersionsAsync(name, stages, cancellation)).MaxBy(static version => version.Number)
            ?? throw MlflowException.NotFound($"No version of model '{name}' with stage '{which}' found");
    }

    private static MlflowException Refused(string source, ArtifactUriKind kind) => MlflowException.Invalid(kind switch
    {
        ArtifactUriKind.Local => $"Invalid model version source: '{source}'. To use a local path as a model version source, the run_id request parameter has to be specified and the "
            + "local path has to be contained within the artifact directory of the run specified by the run_id.",
        ArtifactUriKind.Unsafe => $"Invalid model version source: '{source}'. If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, an "
            + "absolute path must be provided without relative path references present. Please provide an absolute path.",
        _ => $"Invalid model version source: '{source}'. Expected an mlflow-artifacts, runs, models or object store URI: addresses of other servers are not followed.",
    });
}
