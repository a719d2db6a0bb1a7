using Slipway.Cli.Terminal;
using Slipway.Core.Rows;

namespace Slipway.Cli.Rows;

/// <summary>Row files as they are named on the command line: <c>-</c> is standard input or output, <c>.gz</c> is compressed.</summary>
internal static class RowFiles
{
    /// <summary>The name that stands for standard input or output.</summary>
    public const string Standard = "-";

    /// <summary>The format of a file by its name, or as asked for.</summary>
    /// <param name="name">The file.</param>
    /// <param name="asked">What <paramref name="option"/> said; null when it was not given.</param>
    /// <param name="option">The option that decides where the name doesn't.</param>
    /// <exception cref="CliException">Neither says.</exception>
    public static RowFormat FormatOf(string name, string? asked, string option) => asked switch
    {
        "csv" => RowFormat.Csv,
        "jsonl" => RowFormat.JsonLines,
        null when RowFormats.TryFromFileName(name, out RowFormat format) => format,
        null => throw new CliException(ExitCode.Usage, $"'{name}' does not say how its rows are written: expected a name ending in .csv or .jsonl, or {option} csv|jsonl"),
        _ => throw new CliException(ExitCode.Usage, $"{option} '{asked}' is not known: expected csv or jsonl"),
    };

    /// <summary>Sees to it that no file which is written, and so replaced, is read or written otherwise.</summary>
    /// <param name="files">What each file is to the command, and its name; null: there is none.</param>
    /// <exception cref="CliException">Two are the same.</exception>
    public static void RequireDifferent(params ReadOnlySpan<(string Role, string? Name)> files)
    {
        Dictionary<string, string> roles = new(StringComparer.Ordinal);
        foreach ((string role, string? name) in files)
        {
            if (name is not null && name != Standard && !roles.TryAdd(Path.GetFullPath(name), role))
            {
                throw new CliException(ExitCode.Usage, $"{roles[Path.GetFullPath(name)]} and {role} are the same file '{name}'");
            }
        }
    }

    /// <summary>The input as a message names it.</summary>
    public static string InputName(string name) => name == Standard ? "standard input" : $"'{name}'";

    /// <summary>Opens a file for reading.</summary>
    /// <param name="name">The file, or <see cref="Standard"/>.</param>
    /// <param name="raw">The file itself, below decompression; null for standard input, whose length nobody knows.</param>
    /// <exception cref="CliException">There is no such file.</exception>
    public static Stream OpenRead(string name, out FileStream? raw)
    {
        raw = null;
        if (name == Standard)
        {
            return RowInput.Standard();
        }

        if (!File.Exists(name))
        {
            throw new CliException(ExitCode.BadInput, Directory.Exists(name) ? $"the input '{name}' is a folder; expected a file" : $"there is no input '{name}'");
        }

        raw = new FileStream(name, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan });
        return RowFormats.IsCompressed(name) ? RowInput.Compressed(raw) : raw;
    }
}
