using System.CommandLine;
using Slipway.Cli.Terminal;
using Slipway.Core.Rows;

namespace Slipway.Cli.Rows;

/// <summary>Options of the commands that read rows: which columns are used, and how the cells of a CSV file are told apart.</summary>
internal sealed class RowReadArguments
{
    private readonly Option<string?> _columns = new("--columns") { Description = "Columns to use, in this order, with commas between (default: all).", HelpName = "a,b" };
    private readonly Option<string?> _ignore = new("--ignore") { Description = "Columns to leave out, such as a label, with commas between.", HelpName = "a,b" };
    private readonly Option<string?> _missing = new("--missing") { Description = "Cells that mean a missing value besides the empty one, with commas between (NA,?).", HelpName = "a,b" };
    private readonly Option<string?> _delimiter = new("--delimiter") { Description = "Character between the cells of the input (default a comma; 'tab' for a tab).", HelpName = "C" };
    private readonly Option<bool> _noHeader = new("--no-header") { Description = "The first line of the CSV is a row, not the names of the columns." };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_columns);
        command.Add(_ignore);
        command.Add(_missing);
        command.Add(_delimiter);
        command.Add(_noHeader);
    }

    /// <summary>Checks and gathers what was given.</summary>
    /// <exception cref="CliException">A value makes no sense.</exception>
    public RowReadOptions Read(ParseResult parsed) => new()
    {
        Delimiter = DelimiterOf(parsed.GetValue(_delimiter)),
        HasHeader = !parsed.GetValue(_noHeader),
        Columns = Names(parsed.GetValue(_columns)),
        Ignore = Names(parsed.GetValue(_ignore)),
        MissingTokens = Names(parsed.GetValue(_missing)),
    };

    /// <summary>Names with commas between.</summary>
    public static string[] Names(string? list) => list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static byte DelimiterOf(string? text) => text switch
    {
        null => (byte)',',
        "tab" or "\\t" or "\t" => (byte)'\t',
        [var character] when char.IsAscii(character) && !char.IsControl(character) && !char.IsAsciiLetterOrDigit(character) && character is not ('"' or '.' or '-' or '+') => (byte)character,
        _ => throw new CliException(ExitCode.Usage, $"--delimiter '{text}': expected one punctuation character or 'tab'"),
    };
}
