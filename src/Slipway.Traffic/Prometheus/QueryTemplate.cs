using System.Text.RegularExpressions;

namespace Slipway.Traffic.Prometheus;

/// <summary>A PromQL query with names to be filled in: <c>$endpoint</c>, <c>$arm</c>, <c>$model</c>, <c>$version</c> and <c>$oldVersion</c>. Pure.</summary>
internal static partial class QueryTemplate
{
    private static readonly string[] Known = ["endpoint", "arm", "model", "version", "oldVersion"];

    /// <summary>Names in a query that nobody fills in.</summary>
    public static IEnumerable<string> UnknownNames(string query) => Names().Matches(query).Select(static match => match.Groups[1].Value).Except(Known, StringComparer.Ordinal);

    /// <summary>Whether a query differs between versions.</summary>
    public static bool IsAboutOneVersion(string query) => Names().Matches(query).Any(static match => match.Groups[1].Value is "version" or "arm");

    /// <summary>The query with its names filled in.</summary>
    /// <returns>Null when a value has characters that could end a string of the query.</returns>
    public static string? Fill(string query, IReadOnlyDictionary<string, string> values)
    {
        string[] used = [.. Names().Matches(query).Select(static match => match.Groups[1].Value)];
        return used.All(name => values.TryGetValue(name, out string? value) && value.All(static letter => letter is not ('"' or '\'' or '`' or '\\' or '{' or '}') && !char.IsControl(letter)))
            ? Names().Replace(query, match => values[match.Groups[1].Value])
            : null;
    }

    [GeneratedRegex(@"\$([A-Za-z_][A-Za-z0-9_]*)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Names();
}
