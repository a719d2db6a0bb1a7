using Slipway.Core;

namespace Slipway.Mlflow.Wire;

/// <summary>Kinds of places that artifacts come from.</summary>
internal enum ArtifactUriKind
{
    /// <summary>This server's artifacts: <c>mlflow-artifacts:/a/b</c>.</summary>
    Proxied,

    /// <summary>A run's artifacts: <c>runs:/id/path</c>.</summary>
    Run,

    /// <summary>A logged model or a registered one: <c>models:/…</c>.</summary>
    Model,

    /// <summary>An object store that only clients reach: <c>s3://bucket/key</c>.</summary>
    ObjectStore,

    /// <summary>A file of some machine, or a text without a scheme.</summary>
    Local,

    /// <summary>Anything else, web addresses among them: never followed, never kept.</summary>
    Foreign,

    /// <summary>Leaves its folder once it is decoded, or holds characters that no such URI has.</summary>
    Unsafe,
}

/// <summary>A URI of artifacts, taken apart. Nothing is fetched.</summary>
/// <param name="Kind">Kind of place.</param>
/// <param name="Path">Path below the place, without a slash at either end; for an object store the whole rest.</param>
internal readonly record struct ArtifactUri(ArtifactUriKind Kind, string Path)
{
    private const int MostDecodings = 8;

    private static readonly HashSet<string> ObjectStores = new(StringComparer.OrdinalIgnoreCase)
    {
        "s3", "gs", "wasb", "wasbs", "abfs", "abfss", "r2", "b2", "hdfs", "viewfs", "dbfs", "oss",
    };

    /// <summary>Takes a URI apart.</summary>
    public static ArtifactUri Parse(string uri)
    {
        int colon = uri.IndexOf(':', StringComparison.Ordinal);
        if (IsUnsafe(uri))
        {
            return new ArtifactUri(ArtifactUriKind.Unsafe, "");
        }

        // A single letter before the colon is a drive.
        if (colon <= 1 || !uri.AsSpan(0, colon).ContainsOnlySchemeCharacters())
        {
            return new ArtifactUri(ArtifactUriKind.Local, uri);
        }

        string scheme = uri[..colon].ToLowerInvariant();
        string rest = uri[(colon + 1)..];
        return scheme switch
        {
            "mlflow-artifacts" => Proxied(rest),
            "runs" => new ArtifactUri(ArtifactUriKind.Run, rest.Trim('/')),
            "models" => new ArtifactUri(ArtifactUriKind.Model, rest.Trim('/')),
            "file" => new ArtifactUri(ArtifactUriKind.Local, rest),
            _ when ObjectStores.Contains(scheme) => new ArtifactUri(ArtifactUriKind.ObjectStore, rest),
            _ => new ArtifactUri(ArtifactUriKind.Foreign, rest),
        };
    }

    // mlflow-artifacts://host:port/a names a server; it is this one to those who can reach it.
    private static ArtifactUri Proxied(string rest)
    {
        string path = rest;
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            int slash = rest.IndexOf('/', 2);
            path = slash < 0 ? "" : rest[slash..];
        }

        path = path.Trim('/');
        return path.Length == 0 || ArtifactPath.IsValid(path)
            ? new ArtifactUri(ArtifactUriKind.Proxied, path)
            : new ArtifactUri(ArtifactUriKind.Unsafe, "");
    }

    // Encoded once, twice or more often: what a later reader might decode must not climb either.
    private static bool IsUnsafe(string uri)
    {
        string text = uri;
        for (int round = 0; round < MostDecodings; round++)
        {
            if (text.Split('/', '\\').Contains("..") || text.Any(char.IsControl))
            {
                return true;
            }

            string decoded = Uri.UnescapeDataString(text);
            if (decoded == text)
            {
                return false;
            }

            text = decoded;
        }

        return true;
    }
}

/// <summary>Characters of a scheme (RFC 3986, 3.1).</summary>
file static class SchemeCharacters
{
    public static bool ContainsOnlySchemeCharacters(this ReadOnlySpan<char> text)
    {
        foreach (char character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('+' or '-' or '.'))
            {
                return false;
            }
        }

        return true;
    }
}
