using Slipway.Cli.Terminal;
using Spectre.Console;

namespace Slipway.Cli.Benchmarking;

/// <summary>A progress bar while the load runs, on a terminal only.</summary>
internal static class BenchProgress
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);

    /// <summary>Shows how far the load is until it ends.</summary>
    public static async Task ShowAsync(CliTerminal terminal, TimeSpan total, Func<long> answered, Task load)
    {
        if (!terminal.IsErrorInteractive)
        {
            await load;
            return;
        }

        long begin = terminal.Time.GetTimestamp();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Error) });
        await console.Progress().AutoClear(true).StartAsync(async context =>
        {
            ProgressTask bar = context.AddTask("load", maxValue: Math.Max(total.TotalSeconds, 0.001));
            while (!load.IsCompleted)
            {
                await Task.WhenAny(load, Task.Delay(Refresh, terminal.Time));
                bar.Value = terminal.Time.GetElapsedTime(begin).TotalSeconds;
                bar.Description = $"{answered():N0} requests";
            }

            await load;
        });
    }
}
