using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Mlflow.Wire;
using Slipway.Protocols.Http;

namespace Slipway.Mlflow.Artifacts;

/// <summary>The artifact proxy: files by name, for clients who have no access to the store themselves.</summary>
internal sealed class ArtifactProxyCalls(IArtifactStore artifacts, VersionFolders versions, IOptions<MlflowOptions> options)
{
    private const string Anonymous = "anonymous";

    /// <summary><c>GET artifacts?path=</c>: what is in a folder, by base name.</summary>
    public async Task ListAsync(HttpContext context)
    {
        string folder = ArtifactPaths.Folder(context.Request.Query["path"]);
        IReadOnlyList<ArtifactEntry> entries = VersionFolders.Holds(folder)
            ? await versions.ListAsync(folder, context.RequestAborted)
            : await artifacts.ListAsync(folder, context.RequestAborted);
        await MlflowJson.SendAsync(context, json => ArtifactAnswers.WriteFiles(json, entries, ""));
    }

    /// <summary><c>GET artifacts/{path}</c></summary>
    public async Task DownloadAsync(HttpContext context)
    {
        string path = ArtifactPaths.FromTarget(context);
        if (VersionFolders.Holds(path))
        {
            Stream frozen = await versions.OpenAsync(path, context.RequestAborted) ?? throw MlflowException.NotFound($"No such artifact: '{path}'");
            await ArtifactAnswers.SendFileAsync(context, path, frozen);
            return;
        }

        _ = await artifacts.FindAsync(path, context.RequestAborted) ?? throw MlflowException.NotFound($"No such artifact: '{path}'");
        await ArtifactAnswers.SendFileAsync(context, path, await artifacts.OpenReadAsync(path, context.RequestAborted));
    }

    /// <summary><c>PUT artifacts/{path}</c>: the body is the file.</summary>
    public async Task UploadAsync(HttpContext context)
    {
        string path = Writable(context);
        long most = options.Value.MaxArtifactBytes;
        if (context.Request.ContentLength > most)
        {
            throw MlflowException.Invalid($"The artifact has {context.Request.ContentLength} bytes; at most {most} are taken.");
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = most;
        }

        await artifacts.PutAsync(path, context.Request.Body, Change(context), context.RequestAborted);
        await MlflowJson.SendAsync(context, MlflowJson.Empty);
    }

    /// <summary><c>DELETE artifacts/{path}</c>: a file, or a folder with all in it.</summary>
    public async Task DeleteAsync(HttpContext context)
    {
        string path = Writable(context);
        if (!await artifacts.DeleteAsync(path, Change(context), context.RequestAborted))
        {
            throw MlflowException.NotFound($"No such artifact: '{path}'");
        }

        await MlflowJson.SendAsync(context, MlflowJson.Empty);
    }

    /// <summary><c>mpu/…</c>: clients then send the file whole.</summary>
    public static Task RefuseMultipartAsync(HttpContext context) =>
        throw new MlflowException(MlflowErrorCode.NotImplemented, "Multipart upload is not supported for the current artifact repository");

    /// <summary><c>presigned…</c>: clients then go through the proxy.</summary>
    public static Task RefusePresignedAsync(HttpContext context) =>
        throw new MlflowException(MlflowErrorCode.NotImplemented, "Presigned URLs are not supported for the current artifact repository");

    private static string Writable(HttpContext context) => ArtifactPaths.FromTarget(context) is var path && VersionFolders.Holds(path)
        ? throw MlflowException.Invalid($"'{path}' is a file of a version, which never changes.")
        : path;

    private static ChangeContext Change(HttpContext context) => new(CallerNames.Of(context) ?? Anonymous);
}
