using System.Globalization;
using System.Text;

namespace Slipway.Trust.Signing;

/// <summary>Names of files in manifests (OpenSSF Model Signing v1.0, section 6.1.2).</summary>
internal static class ResourceNames
{
    /// <summary>Why a name can't be that of a file in a model; null when it can.</summary>
    public static string? Problem(string name)
    {
        if (name.Length is 0 or > TrustLimits.MaxNameLength)
        {
            return name.Length == 0 ? "is empty" : $"has more than {TrustLimits.MaxNameLength} characters";
        }

        // A name that a path of Windows could be made of would mean something else there.
        if (name[0] == '/' || name.Contains('\\', StringComparison.Ordinal) || (name.Length > 1 && name[1] == ':' && char.IsAsciiLetter(name[0])))
        {
            return "is not relative";
        }

        foreach (string part in name.Split('/'))
        {
            if (part is "" or "." or "..")
            {
                return "holds an empty part, '.' or '..'";
            }
        }

        foreach (Rune rune in name.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar)
            {
                return "is not valid text";
            }

            if (Rune.IsControl(rune))
            {
                return "holds a control character";
            }
        }

        return null;
    }

    /// <summary>A name for messages: short, and without anything that could write a line of its own.</summary>
    public static string Show(string name)
    {
        string plain = new([.. name.Take(200).Select(static letter => char.IsControl(letter) ? '?' : letter)]);
        return name.Length > 200 ? plain + "…" : plain;
    }

    /// <summary>Whether a path lies at or below one of the ignored ones.</summary>
    public static bool IsIgnored(string name, IEnumerable<string> ignored) => ignored.Any(path =>
        name == path || (name.StartsWith(path, StringComparison.Ordinal) && name[path.Length] == '/'));

    /// <summary>Takes <c>path:start:end</c> apart; the path may hold colons itself.</summary>
    public static bool TryParseShard(string name, out string path, out long start, out long end)
    {
        int last = name.LastIndexOf(':');
        int middle = last > 0 ? name.LastIndexOf(':', last - 1) : -1;
        path = middle > 0 ? name[..middle] : "";
        end = 0;
        start = 0;
        return middle > 0
            && long.TryParse(name.AsSpan(middle + 1, last - middle - 1), NumberStyles.None, CultureInfo.InvariantCulture, out start)
            && long.TryParse(name.AsSpan(last + 1), NumberStyles.None, CultureInfo.InvariantCulture, out end)
            && end > start;
    }

    /// <summary>Unicode code point order, which is the order of the bytes in UTF-8.</summary>
    public static int Compare(string x, string y) => Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y));
}
