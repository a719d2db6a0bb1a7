using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Slipway.Cli.Terminal;
using Slipway.Registry.Maintenance;
using Slipway.Server.Hosting;

namespace Slipway.Cli.Data;

/// <summary><c>slipway data backup</c>: one moment of the data to a folder.</summary>
internal static class DataBackupCommand
{
    public static Command Create(CliTerminal terminal)
    {
        Argument<string> target = new("FOLDER") { Description = "Where to; the folder of an earlier backup gets only what is new." };
        DataFolder data = new();
        Option<bool> json = new("--json") { Description = "Print the report as JSON." };
        Command command = new("backup", "Copy one moment of the database and every blob that it refers to; may run beside a server.") { target, json };
        foreach (Option option in data.Options)
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using EmbeddedRegistry store = data.Open(parsed);
            BackupReport report = await store.BackUpAsync(Path.GetFullPath(parsed.GetValue(target)!), cancellationToken);
            await terminal.Out.WriteLineAsync(parsed.GetValue(json)
                ? JsonSerializer.Serialize(report, DataJson.Default.BackupReport)
                : string.Create(CultureInfo.InvariantCulture, $"backed up the database and {report.Blobs} blobs, {DataFolder.Size(report.Bytes)}; {report.Copied} of them are new"));
            return ExitCode.Done;
        });
        return command;
    }
}
