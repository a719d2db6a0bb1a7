using Spectre.Console;

namespace Slipway.Cli.Terminal;

/// <summary>Consoles that draw on a terminal and write plain text, never wrapped, into a pipe.</summary>
internal static class Plain
{
    private const int PipeWidth = 10_000;

    /// <summary>A console over the terminal's output.</summary>
    public static IAnsiConsole Console(CliTerminal terminal)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(terminal.Out),
            Ansi = terminal.IsOutInteractive ? AnsiSupport.Detect : AnsiSupport.No,
        });
        if (!terminal.IsOutInteractive)
        {
            console.Profile.Width = PipeWidth;
        }

        return console;
    }
}
