using Slipway.Cli.Terminal;
using Spectre.Console;

namespace Slipway.Cli.Registry;

/// <summary>A progress bar over bytes that come or go, on a terminal only.</summary>
internal static class TransferProgress
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);

    /// <summary>Shows how far a transfer is until it ends.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="title">What it does.</param>
    /// <param name="total">Bytes in all.</param>
    /// <param name="transfer">The work; tells how many bytes have come or gone.</param>
    public static async Task ShowAsync(CliTerminal terminal, string title, long total, Func<Action<long>, Task> transfer)
    {
        long done = 0;
        Task work = transfer(bytes => Interlocked.Add(ref done, bytes));
        if (!terminal.IsErrorInteractive)
        {
            await work;
            return;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Error) });
        await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask bar = context.AddTask(Markup.Escape(title), maxValue: Math.Max(total, 1));
                while (!work.IsCompleted)
                {
                    await Task.WhenAny(work, Task.Delay(Refresh, terminal.Time));
                    bar.Value = Interlocked.Read(ref done);
                }

                await work;
            });
    }
}
