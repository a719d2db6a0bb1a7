using Slipway.Cli.Commands;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Registry;

/// <summary>A version as it is named on the command line where one has to be named.</summary>
internal static class VersionReference
{
    /// <summary>Reads <c>NAME:VERSION</c> or <c>NAME@ALIAS</c>.</summary>
    /// <exception cref="CliException">It is neither.</exception>
    public static (string Name, string Version) Parse(string text)
    {
        ModelReference reference = ModelReference.Parse(text);
        return reference.Version is { } version
            ? (reference.Name, version)
            : throw new CliException(ExitCode.Usage, $"'{text}' names no version: expected NAME:VERSION or NAME@ALIAS");
    }
}
