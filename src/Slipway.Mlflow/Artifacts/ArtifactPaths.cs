using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.Core;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Artifacts;

/// <summary>Names of artifacts as requests give them.</summary>
internal static class ArtifactPaths
{
    private const string Marker = "/mlflow-artifacts/artifacts/";

    /// <summary>The name in the path of a proxy call, taken from the request line: the server's own decoding resolves <c>..</c> and leaves encoded slashes.</summary>
    /// <exception cref="MlflowException">It is no name of an artifact.</exception>
    public static string FromTarget(HttpContext context)
    {
        string target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        int query = target.IndexOf('?', StringComparison.Ordinal);
        string path = query < 0 ? target : target[..query];
        int marker = path.IndexOf(Marker, StringComparison.Ordinal);
        return Check(Uri.UnescapeDataString(marker < 0 ? "" : path[(marker + Marker.Length)..]));
    }

    /// <summary>Whether the request line leaves the folder that it begins in.</summary>
    public static bool Climbs(HttpContext context)
    {
        string target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        int query = target.IndexOf('?', StringComparison.Ordinal);
        return Uri.UnescapeDataString(query < 0 ? target : target[..query]).Split('/', '\\').Contains("..");
    }

    /// <summary>A name in a query.</summary>
    /// <exception cref="MlflowException">It is no name of an artifact.</exception>
    public static string Check(string path) => ArtifactPath.IsValid(path) ? path : throw Invalid();

    /// <summary>The name of a folder in a query; null or empty is the root.</summary>
    /// <exception cref="MlflowException">It is no name of an artifact.</exception>
    public static string Folder(string? path)
    {
        string trimmed = (path ?? "").TrimEnd('/');
        return trimmed.Length == 0 && path is not { Length: > 0 } ? "" : Check(trimmed);
    }

    /// <summary>The folder of this server that a URI of a run or logged model names.</summary>
    /// <exception cref="MlflowException">The artifacts are kept elsewhere.</exception>
    public static string Root(string uri)
    {
        ArtifactUri parsed = ArtifactUri.Parse(uri);
        return parsed.Kind == ArtifactUriKind.Proxied
            ? parsed.Path
            : throw new MlflowException(MlflowErrorCode.NotImplemented, $"The artifacts are kept at {uri}: ask there, this server does not reach it.");
    }

    /// <summary>Two names, either of which may be empty.</summary>
    public static string Join(string folder, string name) => folder.Length == 0 ? name : name.Length == 0 ? folder : $"{folder}/{name}";

    /// <summary>What is said of a name that is none.</summary>
    public static MlflowException Invalid() => MlflowException.Invalid("Invalid path");
}
