using System.Text;
using Slipway.Formats.Abstractions;

namespace Slipway.Cli.Support;

/// <summary>Writes docs/formats-support.md out of what the formats say of themselves.</summary>
internal static class SupportPage
{
    private const string Head = """
        # What each format supports

        This page is written by `slipway formats --markdown` from the code's own registries (`eng/update-support.sh`); a test fails when it is out of date.
        How formats are told apart and what they have in common is in [formats.md](formats.md).

        """;

    /// <summary>The page.</summary>
    public static string Write(IReadOnlyList<FormatEntry> formats)
    {
        StringBuilder page = new(Head.ReplaceLineEndings("\n"));
        page.Append("\n| format | files | served | tested with |\n|---|---|---|---|\n");
        foreach (FormatEntry format in formats)
        {
            page.Append($"| {Link(format)} | {Cell(format.Description)} | {SupportWords.Of(format.Support.Serving)} | {Cell(string.Join("; ", format.Support.Tested))} |\n");
        }

        foreach (FormatEntry format in formats.Where(HasSection))
        {
            page.Append($"\n## {format.Name}\n\n");
            AppendSection(page, format.Support);
        }

        page.Append("\n## Recognised, not served\n\n");
        foreach (FormatEntry format in formats.Where(static format => format.Support.Serving == FormatServing.NotServed))
        {
            page.Append($"- `{format.Name}`, {format.Description}: {string.Join("; ", format.Support.Limits)}\n");
        }

        return page.ToString();
    }

    private static void AppendSection(StringBuilder page, FormatSupport support)
    {
        foreach (string limit in support.Limits)
        {
            page.Append($"- {limit}\n");
        }

        foreach (SupportGroup group in support.Groups)
        {
            page.Append($"\n**{group.Items.Count} {group.Kind}**\n\n");
            string[] plain = [.. group.Items.Where(static item => item.Limits.Length == 0 && item.Tested.Length == 0).Select(static item => $"`{item.Name}`")];
            if (plain.Length > 0)
            {
                page.Append($"{string.Join(", ", plain)}\n");
            }

            SupportedItem[] limited = [.. group.Items.Where(static item => item.Limits.Length > 0 || item.Tested.Length > 0)];
            if (limited.Length > 0)
            {
                page.Append("\n| | limits | tested with |\n|---|---|---|\n");
                foreach (SupportedItem item in limited)
                {
                    page.Append($"| `{item.Name}` | {Cell(item.Limits)} | {Cell(item.Tested)} |\n");
                }
            }
        }
    }

    private static bool HasSection(FormatEntry format) => format.Support.Serving != FormatServing.NotServed;

    private static string Link(FormatEntry format) => HasSection(format) ? $"[`{format.Name}`](#{format.Name})" : $"`{format.Name}`";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
