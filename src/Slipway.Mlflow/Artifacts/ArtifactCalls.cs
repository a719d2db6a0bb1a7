using Microsoft.AspNetCore.Http;
using Slipway.Core;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Artifacts;

/// <summary>Artifacts of runs, logged models and versions.</summary>
internal sealed class ArtifactCalls(ITrackingStore tracking, IModelRegistry registry, IArtifactStore artifacts, IBlobStore blobs)
{
    /// <summary><c>artifacts/list</c>: what is in a folder of a run, by names relative to the run's root.</summary>
    public async Task<MlflowAnswer> ListAsync(MlflowCall call)
    {
        string id = call.Fields.RunId();
        string folder = ArtifactPaths.Folder(call.Fields.Text("path"));
        string root = await RunRootAsync(id, call.Cancellation);
        return await ListAsync(root, folder, call.Cancellation);
    }

    /// <summary><c>logged-models/{id}/artifacts/directories</c></summary>
    public async Task<MlflowAnswer> ListOfModelAsync(MlflowCall call)
    {
        string folder = ArtifactPaths.Folder(call.Fields.Text("artifact_directory_path"));
        return await ListAsync(await ModelRootAsync(call.Route("id"), call.Cancellation), folder, call.Cancellation);
    }

    /// <summary><c>GET /get-artifact</c>: a file of a run.</summary>
    public async Task GetOfRunAsync(HttpContext context)
    {
        string path = ArtifactPaths.Check(Asked(context, "path"));
        string? id = context.Request.Query["run_id"] is [{ Length: > 0 } run] ? run : context.Request.Query["run_uuid"].ToString();
        string root = await RunRootAsync(id.Length > 0 ? id : throw MlflowException.Missing("run_id"), context.RequestAborted);
        await SendAsync(context, ArtifactPaths.Join(ArtifactPaths.Root(root), path));
    }

    /// <summary><c>logged-models/{id}/artifacts/files</c>: a file of a logged model.</summary>
    public async Task GetOfModelAsync(HttpContext context)
    {
        string path = ArtifactPaths.Check(Asked(context, "artifact_file_path"));
        string root = await ModelRootAsync((string)context.Request.RouteValues["id"]!, context.RequestAborted);
        await SendAsync(context, ArtifactPaths.Join(ArtifactPaths.Root(root), path));
    }

    /// <summary><c>GET /model-versions/get-artifact</c>: a file of a version, as it was frozen.</summary>
    public async Task GetOfVersionAsync(HttpContext context)
    {
        string path = ArtifactPaths.Check(Asked(context, "path"));
        string name = Asked(context, "name");
        string number = Asked(context, "version");
        ModelVersion version = await registry.FindVersionAsync(name, MlflowLimits.CheckVersion(number), context.RequestAborted)
            ?? throw MlflowException.NotFound($"Model Version (name={name}, version={number}) not found");
        ArtifactFile file = version.Manifest?.Files.FirstOrDefault(file => file.Path == path) ?? throw Missing(path);
        await ArtifactAnswers.SendFileAsync(context, path, await blobs.OpenReadAsync(file.Digest, context.RequestAborted));
    }

    private async Task<MlflowAnswer> ListAsync(string root, string folder, CancellationToken cancellation)
    {
        IReadOnlyList<ArtifactEntry> entries = await artifacts.ListAsync(ArtifactPaths.Join(ArtifactPaths.Root(root), folder), cancellation);
        return json =>
        {
            json.WriteString("root_uri", root);
            ArtifactAnswers.WriteFiles(json, entries, folder);
        };
    }

    private async Task SendAsync(HttpContext context, string path)
    {
        _ = await artifacts.FindAsync(path, context.RequestAborted) ?? throw Missing(path);
        await ArtifactAnswers.SendFileAsync(context, path, await artifacts.OpenReadAsync(path, context.RequestAborted));
    }

    private async Task<string> RunRootAsync(string id, CancellationToken cancellation)
    {
        TrackedRun run = await tracking.FindRunAsync(MlflowLimits.CheckRunId(id), cancellation) ?? throw MlflowException.NotFound($"Run with id={id} not found");
        return run.ArtifactUri;
    }

    private async Task<string> ModelRootAsync(string id, CancellationToken cancellation)
    {
        LoggedModel? model = await tracking.FindLoggedModelAsync(id, cancellation);
        return model is { IsDeleted: false } ? model.ArtifactUri : throw MlflowException.NotFound($"Logged model with ID '{id}' not found.");
    }

    private static string Asked(HttpContext context, string name) => context.Request.Query[name].ToString() is { Length: > 0 } text ? text : throw MlflowException.Missing(name);

    private static MlflowException Missing(string path) => MlflowException.NotFound($"No such artifact: '{path}'");
}
