using Slipway.Cli.Terminal;

namespace Slipway.Cli.Commands;

/// <summary>A model as it is named on the command line: <c>NAME</c>, <c>NAME@ALIAS</c> or <c>NAME:VERSION</c>.</summary>
/// <param name="Name">Name of the model.</param>
/// <param name="Version">Alias or number; null: the largest version ready.</param>
internal sealed record ModelReference(string Name, string? Version)
{
    private char Separator => Version is { Length: > 0 } && char.IsAsciiDigit(Version[0]) ? ':' : '@';

    /// <summary>Reads a reference.</summary>
    /// <exception cref="CliException">There is no name, or nothing behind the separator, or a version that is no number.</exception>
    public static ModelReference Parse(string text)
    {
        int at = text.LastIndexOfAny(['@', ':']);
        if (at < 0 && text.Length > 0)
        {
            return new ModelReference(text, null);
        }

        string version = text[(at + 1)..];
        bool isVersion = at > 0 && text[at] == ':';
        return at > 0 && version.Length > 0 && (!isVersion || version.All(char.IsAsciiDigit))
            ? new ModelReference(text[..at], version)
            : throw new CliException(ExitCode.Usage, $"'{text}' names no model: expected NAME, NAME@ALIAS or NAME:VERSION");
    }

    /// <inheritdoc/>
    public override string ToString() => Version is null ? Name : $"{Name}{Separator}{Version}";
}
