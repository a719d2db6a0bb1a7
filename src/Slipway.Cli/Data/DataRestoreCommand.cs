using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Slipway.Cli.Terminal;
using Slipway.Registry.Maintenance;
using Slipway.Server.Hosting;

namespace Slipway.Cli.Data;

/// <summary><c>slipway data restore</c>: a backup into an empty data folder.</summary>
internal static class DataRestoreCommand
{
    public static Command Create(CliTerminal terminal)
    {
        Argument<string> source = new("FOLDER") { Description = "The backup." };
        Option<string> data = new("--data") { Description = "The data folder to be, which holds no registry.", HelpName = "DIR", Required = true };
        Option<bool> json = new("--json") { Description = "Print the report as JSON." };
        Command command = new("restore", "Put a backup into a data folder that holds no registry; every blob is verified on the way.") { source, data, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            BackupReport report = await EmbeddedRegistry.RestoreAsync(
                Path.GetFullPath(parsed.GetValue(source)!), Path.GetFullPath(parsed.GetValue(data)!), cancellationToken);
            await terminal.Out.WriteLineAsync(parsed.GetValue(json)
                ? JsonSerializer.Serialize(report, DataJson.Default.BackupReport)
                : string.Create(CultureInfo.InvariantCulture, $"restored the database of {report.Time:u} and {report.Blobs} blobs, {DataFolder.Size(report.Bytes)}"));
            return ExitCode.Done;
        });
        return command;
    }
}
