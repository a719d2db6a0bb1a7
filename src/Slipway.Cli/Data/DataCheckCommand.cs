using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Slipway.Cli.Terminal;
using Slipway.Registry.Maintenance;
using Slipway.Server.Hosting;

namespace Slipway.Cli.Data;

/// <summary><c>slipway data check</c>: whether everything that is referred to is there and is what it should be.</summary>
internal static class DataCheckCommand
{
    public static Command Create(CliTerminal terminal)
    {
        DataFolder data = new();
        Option<bool> fast = new("--fast") { Description = "Do not read the content of blobs: only that they are there and have their size." };
        Option<bool> json = new("--json") { Description = "Print the report as JSON." };
        Command command = new("check", "Check that the data is whole: the database, every reference, every blob's digest, the present against the events.") { fast, json };
        foreach (Option option in data.Options)
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using EmbeddedRegistry store = data.Open(parsed);
            DataReport report = await store.Check.RunAsync(!parsed.GetValue(fast), cancellationToken);
            if (parsed.GetValue(json))
            {
                await terminal.Out.WriteLineAsync(JsonSerializer.Serialize(report, DataJson.Default.DataReport));
            }
            else
            {
                await WriteAsync(terminal.Out, report);
            }

            return report.Problems.Count == 0
                ? ExitCode.Done
                : throw new CliException(ExitCode.Failed, string.Create(CultureInfo.InvariantCulture, $"the data has {report.Problems.Count} problems"));
        });
        return command;
    }

    private static async Task WriteAsync(TextWriter output, DataReport report)
    {
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Models} models, {report.Versions} versions, {report.Runs} runs, {report.Artifacts} artifacts, {report.Events} events"));
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Blobs} blobs, {DataFolder.Size(report.BlobBytes)}; {report.Orphans} of them ({DataFolder.Size(report.OrphanBytes)}) nothing refers to"));
        foreach (DataProblem problem in report.Problems)
        {
            await output.WriteLineAsync($"{problem.Kind} {problem.Subject}: {problem.Message}");
        }
    }
}
