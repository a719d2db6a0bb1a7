using System.Globalization;
using Slipway.Cli.Terminal;
using Slipway.Client.Registry;
using Spectre.Console;

namespace Slipway.Cli.Registry;

/// <summary>How things of the registry are written for people.</summary>
internal static class RegistryText
{
    private const int ShortDigest = 12;

    /// <summary>A time, to the second, in UTC.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The first digits of a digest, enough to tell versions apart.</summary>
    public static string Short(string? digest) => digest is { Length: > ShortDigest } ? digest[..ShortDigest] : digest ?? "";

    /// <summary>A size.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.00} GiB"),
    };

    /// <summary>Names and values.</summary>
    public static string Pairs<T>(IReadOnlyDictionary<string, T> values) => string.Join(
        ", ", values.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value}")));

    /// <summary>Who consented.</summary>
    public static string Approvals(IReadOnlyList<RegistryApproval> approvals) => string.Join(
        ", ", approvals.Select(static approval => $"{approval.Actor} {Time(approval.Time)}" + (approval.Comment is { Length: > 0 } comment ? $" ({comment})" : "")));

    /// <summary>Aliases as <c>champion→3</c>.</summary>
    public static string Aliases(IReadOnlyDictionary<string, long> aliases) => string.Join(
        ", ", aliases.OrderBy(static alias => alias.Key, StringComparer.Ordinal).Select(static alias => string.Create(CultureInfo.InvariantCulture, $"{alias.Key}→{alias.Value}")));

    /// <summary>Writes a table; control characters of what others wrote are left out.</summary>
    public static void Table(CliTerminal terminal, string[] columns, IEnumerable<string[]> rows)
    {
        Table table = new Table().Border(Plain.Border(terminal)).AddColumns(columns);
        foreach (string[] row in rows)
        {
            table.AddRow([.. row.Select(static cell => Markup.Escape(Clean(cell)))]);
        }

        Plain.Console(terminal).Write(table);
    }

    /// <summary>Writes facts, leaving out those that are empty.</summary>
    public static void Facts(CliTerminal terminal, params (string Name, string? Value)[] facts)
    {
        Grid grid = new Grid().AddColumn().AddColumn();
        foreach ((string name, string? value) in facts.Where(static fact => !string.IsNullOrEmpty(fact.Value)))
        {
            grid.AddRow(name, Markup.Escape(Clean(value!)));
        }

        Plain.Console(terminal).Write(grid);
    }

    private static string Clean(string text) => text.Any(char.IsControl) ? new string([.. text.Select(static c => char.IsControl(c) ? ' ' : c)]) : text;
}
