using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Slipway.Cli.Commands;
using Slipway.Cli.Terminal;
using Slipway.Client.Registry;

namespace Slipway.Cli.Registry;

/// <summary><c>slipway model history</c>: every change of a model, oldest first.</summary>
internal static class HistoryCommand
{
    private const int Page = 1000;
    private const int LongestDetail = 120;

    public static Command Create(CliTerminal terminal)
    {
        Argument<string> model = new("NAME") { Description = "Name of the model, or NAME:VERSION for the changes of one version." };
        Option<int> limit = new("--limit") { Description = "Show the newest N changes.", DefaultValueFactory = static _ => 100, HelpName = "N" };
        Command command = new("history", "Show what was changed, when, by whom and why.") { model, limit };
        return RegistryOptions.On(terminal, command, async session =>
        {
            ModelReference reference = ModelReference.Parse(session.Parsed.GetValue(model)!);
            int most = session.Parsed.GetValue(limit);
            if (most < 1)
            {
                throw new CliException(ExitCode.Usage, $"--limit {most}: 1 or more was expected");
            }

            Queue<RegistryChange> newest = [];
            long after = 0;
            RegistryChanges page;
            do
            {
                page = await session.Api.GetChangesAsync(reference.Name, after, Page, session.Cancellation);
                after = page.Last;
                foreach (RegistryChange change in page.Events.Where(change => IsMeant(change, reference.Version)))
                {
                    newest.Enqueue(change);
                    if (newest.Count > most)
                    {
                        newest.Dequeue();
                    }
                }
            }
            while (page.Events.Count == Page);

            if (newest.Count == 0)
            {
                // Distinguishes what never was from what never changed.
                await session.Api.GetModelAsync(reference.Name, session.Cancellation);
            }

            await session.WriteAsync(new RegistryChanges([.. newest], after), RegistryJson.Indented.RegistryChanges, terminal =>
                RegistryText.Table(terminal, ["time", "by", "what", "version", "detail", "reason"], newest.Select(static change => (string[])
                [
                    RegistryText.Time(change.Time), change.Actor, change.Kind, change.Version?.ToString(CultureInfo.InvariantCulture) ?? "",
                    Detail(change), change.Reason ?? "",
                ])));
        });
    }

    // What a table has room for; --json has all of it.
    private static string Detail(RegistryChange change)
    {
        string text = change.Detail.GetRawText();
        return change.Kind.EndsWith(".created", StringComparison.Ordinal) ? "" : text.Length > LongestDetail ? text[..LongestDetail] + "…" : text;
    }

    private static bool IsMeant(RegistryChange change, string? version) =>
        version is null || change.Version?.ToString(CultureInfo.InvariantCulture) == version
        || (change.Detail.TryGetProperty("aliases", out JsonElement aliases) && aliases.ValueKind == JsonValueKind.Object && aliases.TryGetProperty(version, out _));
}
