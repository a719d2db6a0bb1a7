using Slipway.Cli.Terminal;
using Spectre.Console;

namespace Slipway.Cli.Scoring;

/// <summary>A progress bar on a terminal; nothing in a pipe.</summary>
internal static class ScoreProgress
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);

    /// <summary>Shows how far the scoring is until it ends.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="input">The input file, whose position says how far it is; null when the length is not known.</param>
    /// <param name="rows">Rows written so far.</param>
    /// <param name="scoring">The work.</param>
    public static async Task ShowAsync(CliTerminal terminal, FileStream? input, Func<long> rows, Task scoring)
    {
        if (!terminal.IsErrorInteractive)
        {
            await scoring;
            return;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Error) });
        long length = input?.Length ?? 0;
        await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask bar = context.AddTask("scoring", maxValue: Math.Max(length, 1));
                bar.IsIndeterminate = length == 0;
                while (!scoring.IsCompleted)
                {
                    await Task.WhenAny(scoring, Task.Delay(Refresh, terminal.Time));
                    bar.Description = $"{rows():N0} rows";
                    bar.Value = length > 0 && !scoring.IsCompleted ? input!.Position : 0;
                }

                await scoring;
            });
    }
}
