using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Slipway.Cli.Rows;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Scoring;

/// <summary><c>slipway score</c>: rows of a file through a model, without a server.</summary>
internal static class ScoreCommand
{
    /// <summary>The command's grammar.</summary>
    public static Command Create(CliTerminal terminal)
    {
        ScoreArguments arguments = new();
        Command command = new("score", "Score the rows of a CSV or JSON lines file with a model file, without a server.");
        arguments.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ScoreOptions options = arguments.Read(parsed);
            bool isJson = parsed.GetValue(arguments.Json);
            if (isJson && options.Output == RowFiles.Standard)
            {
                throw new CliException(ExitCode.Usage, "--json and --output - would both write to standard output");
            }

            ScoreSummary summary = await ScoreRun.RunAsync(options, terminal, cancellationToken);
            if (isJson)
            {
                await terminal.Out.WriteLineAsync(JsonSerializer.Serialize(summary, ScoreSummaryContext.Default.ScoreSummary));
            }
            else
            {
                await terminal.Error.WriteLineAsync(Describe(summary));
            }

            if (summary is { Rows: 0, Rejected: > 0 })
            {
                await terminal.Error.WriteLineAsync("slipway: every row was rejected");
                return ExitCode.BadInput;
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static string Describe(ScoreSummary summary)
    {
        string rejected = summary.Rejected == 0 ? ""
            : summary.Rejects is null ? $"; {summary.Rejected:N0} rejected (name a file with --rejects to keep them)"
            : $"; {summary.Rejected:N0} rejected, see {summary.Rejects}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"scored {summary.Rows:N0} rows in {summary.Seconds:0.00} s ({summary.RowsPerSecond:N0} rows/s, {summary.BytesRead / 1e6 / Math.Max(summary.Seconds, 1e-9):0.0} MB/s){rejected}");
    }
}
