using System.Globalization;
using System.Text.RegularExpressions;
using Slipway.Core;

namespace Slipway.Registry.S3;

/// <summary>
/// The text form of <see cref="S3Options"/>: <c>s3://bucket/prefix?endpoint=https://host:port&amp;region=eu-central-1</c>. Further keys: <c>path-style</c> (true, false), <c>credentials</c> (a
/// file), <c>profile</c>, <c>part-mib</c>, <c>parallel-parts</c>, <c>parallel-uploads</c>, <c>retries</c>, <c>timeout</c> (seconds), <c>spool</c> (a folder). Secrets are refused.
/// </summary>
public static partial class S3ConnectionString
{
    /// <summary>What such a text begins with.</summary>
    public const string Scheme = "s3://";

    private const string Keys = "endpoint, region, path-style, credentials, profile, part-mib, parallel-parts, parallel-uploads, retries, timeout, spool";

    /// <summary>Reads the text form.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/> naming the part that is wrong.</exception>
    public static S3Options Parse(string text)
    {
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw Wrong("it begins with s3://");
        }

        string rest = text[Scheme.Length..];
        int question = rest.IndexOf('?', StringComparison.Ordinal);
        string place = question < 0 ? rest : rest[..question];
        int slash = place.IndexOf('/', StringComparison.Ordinal);
        string bucket = slash < 0 ? place : place[..slash];
        if (bucket.Contains('@', StringComparison.Ordinal))
        {
            throw NoSecrets();
        }

        if (!BucketName().IsMatch(bucket))
        {
            throw Wrong("a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens");
        }

        S3Options options = new() { Bucket = bucket, Prefix = slash < 0 ? "" : ReadPrefix(place[(slash + 1)..]) };
        HashSet<string> seen = [];
        foreach (string pair in question < 0 ? [] : rest[(question + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string key = equals < 0 ? pair : pair[..equals];
            if (!seen.Add(key))
            {
                throw Wrong($"'{key}' stands there twice");
            }

            options = Apply(options, key, equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..]));
        }

        return options;
    }

    private static S3Options Apply(S3Options options, string key, string value) => key switch
    {
        _ when value.Length == 0 => throw Wrong($"'{key}' needs a value"),
        "endpoint" => options with { Endpoint = ReadEndpoint(value) },
        "region" => options with { Region = value },
        "path-style" => options with { PathStyle = ReadSwitch(key, value) },
        "credentials" => options with { CredentialsFile = value },
        "profile" => options with { Profile = value },
        "part-mib" => options with { PartBytes = ReadNumber(key, value, S3Options.MinPartBytes >> 20, 1024) << 20 },
        "parallel-parts" => options with { ParallelParts = ReadNumber(key, value, 1, 64) },
        "parallel-uploads" => options with { ParallelUploads = ReadNumber(key, value, 1, 1024) },
        "retries" => options with { Retries = ReadNumber(key, value, 0, 20) },
        "timeout" => options with { Timeout = TimeSpan.FromSeconds(ReadNumber(key, value, 1, 3600)) },
        "spool" => options with { SpoolFolder = value },
        _ when LooksSecret().IsMatch(key) => throw NoSecrets(),
        _ => throw Wrong($"'{key}' is not known; there are {Keys}"),
    };

    private static string ReadPrefix(string text)
    {
        string prefix = Uri.UnescapeDataString(text).Trim('/');
        if (prefix.Length == 0)
        {
            return "";
        }

        return ArtifactPath.IsValid(prefix) && prefix.Length <= 512
            ? prefix + "/"
            : throw Wrong("the prefix is at most 512 characters of names with '/' between them, without '..' or '//'");
    }

    private static Uri ReadEndpoint(string value)
    {
        if (!Uri.TryCreate(value, UriKind.Absolute, out Uri? endpoint)
            || (endpoint.Scheme != Uri.UriSchemeHttp && endpoint.Scheme != Uri.UriSchemeHttps)
            || endpoint.Query.Length > 0)
        {
            throw Wrong("'endpoint' is an address such as https://s3.example.org:9000");
        }

        return endpoint.UserInfo.Length == 0 ? endpoint : throw NoSecrets();
    }

    private static bool ReadSwitch(string key, string value) => value switch
    {
        "true" => true,
        "false" => false,
        _ => throw Wrong($"'{key}' is true or false"),
    };

    private static int ReadNumber(string key, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw Wrong($"'{key}' is a whole number from {least} to {most}");

    // The text itself is never repeated: somebody may have put a secret in it.
    private static SlipwayException Wrong(string problem) =>
        new(ErrorCode.InvalidConfiguration, $"connection string of object storage: {problem}; expected s3://bucket/prefix?endpoint=…&region=…");

    private static SlipwayException NoSecrets() => new(
        ErrorCode.InvalidConfiguration,
        "connection string of object storage: it holds no keys; give them by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, by a file (credentials=FILE), or by the instance's role");

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    private static partial Regex BucketName();

    [GeneratedRegex("key|secret|token|password", RegexOptions.IgnoreCase)]
    private static partial Regex LooksSecret();
}
