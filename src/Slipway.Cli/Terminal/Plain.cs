using Spectre.Console;

namespace Slipway.Cli.Terminal;

/// <summary>Consoles that draw on a terminal and write plain text, never wrapped, into a pipe.</summary>
internal static class Plain
{
    private const int PipeWidth = 10_000;

    // By number: the console wraps its encodings in a type of its own.
    private const int Utf8 = 65001;
    private const int Utf16 = 1200;

    /// <summary>How tables are drawn: with lines where somebody looks and the encoding has them.</summary>
    public static TableBorder Border(CliTerminal terminal) =>
        terminal.IsOutInteractive && terminal.Out.Encoding.CodePage is Utf8 or Utf16 ? TableBorder.Rounded : TableBorder.Ascii;

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
