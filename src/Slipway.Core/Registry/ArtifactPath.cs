namespace Slipway.Core;

/// <summary>
/// The one rule for names of artifacts. A name is a name, never a path of this machine: relative, <c>/</c> between segments, no empty, <c>.</c> or <c>..</c> segment, no
/// backslash, colon, control character or percent sequence that would decode to any of these.
/// </summary>
public static class ArtifactPath
{
    /// <summary>Longest name in characters.</summary>
    public const int MaxLength = 1024;

    /// <summary>Most segments of a name.</summary>
    public const int MaxDepth = 64;

    private static readonly System.Buffers.SearchValues<char> Forbidden = System.Buffers.SearchValues.Create(
        ['\\', ':', .. Enumerable.Range(0, 32).Select(static code => (char)code), '\u007f']);

    /// <summary>Whether <paramref name="path"/> obeys the rule.</summary>
    public static bool IsValid(string path)
    {
        if (path.Length is 0 or > MaxLength || path.AsSpan().ContainsAny(Forbidden))
        {
            return false;
        }

        int depth = 0;
        foreach (Range segment in path.AsSpan().Split('/'))
        {
            if (path.AsSpan(segment) is "" or "." or ".." || ++depth > MaxDepth)
            {
                return false;
            }
        }

        // A name that still means something when decoded once more was encoded twice: refused rather than guessed at.
        return !path.Contains('%') || Uri.UnescapeDataString(path) is var decoded && (decoded == path || IsValid(decoded));
    }

    /// <summary><paramref name="path"/> itself when it obeys the rule.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> when it does not.</exception>
    public static string Check(string path) => IsValid(path)
        ? path
        : throw new SlipwayException(ErrorCode.InvalidRequest, "Invalid path: a relative name without '..', '//', '\\' or ':' was expected");
}
