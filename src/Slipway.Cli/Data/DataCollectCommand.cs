using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Slipway.Cli.Terminal;
using Slipway.Registry.Maintenance;
using Slipway.Server.Hosting;

namespace Slipway.Cli.Data;

/// <summary><c>slipway data gc</c>: removes blobs that nothing refers to.</summary>
internal static class DataCollectCommand
{
    // A century.
    private const double MostHours = 876_000;

    public static Command Create(CliTerminal terminal)
    {
        DataFolder data = new();
        Option<double> grace = new("--grace-hours")
        {
            Description = "Spare what was stored within this many hours (default 24): longer than any push takes.",
            DefaultValueFactory = static _ => 24,
            HelpName = "HOURS",
        };
        Option<bool> dryRun = new("--dry-run") { Description = "Only say what would be removed." };
        Option<bool> json = new("--json") { Description = "Print the report as JSON." };
        Command command = new("gc", "Remove blobs that no version and no artifact refers to, and what killed writers left.") { grace, dryRun, json };
        foreach (Option option in data.Options)
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            double hours = parsed.GetValue(grace);
            if (hours is not (>= 0 and <= MostHours))
            {
                throw new CliException(ExitCode.Usage, string.Create(CultureInfo.InvariantCulture, $"--grace-hours {hours}: expected 0 to {MostHours}"));
            }

            await using EmbeddedRegistry store = data.Open(parsed, TimeSpan.FromHours(hours));
            CollectionReport report = await store.Collector.CollectAsync(parsed.GetValue(dryRun), cancellationToken);
            await terminal.Out.WriteLineAsync(parsed.GetValue(json)
                ? JsonSerializer.Serialize(report, DataJson.Default.CollectionReport)
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(parsed.GetValue(dryRun) ? "would remove" : "removed")} {report.Removed} of {report.Examined} blobs, {DataFolder.Size(report.RemovedBytes)}, and {report.Incomplete} unfinished ones"));
            return ExitCode.Done;
        });
        return command;
    }
}
