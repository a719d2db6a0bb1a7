using Slipway.Cli.Terminal;

namespace Slipway.Cli.Trust;

/// <summary>Paths of <c>--ignore</c>: exact, relative to the model, with <c>/</c> (OpenSSF Model Signing v1.0, section 6.2.1).</summary>
internal static class IgnorePath
{
    /// <summary>Checks one.</summary>
    public static string Parse(string path)
    {
        string plain = path.TrimEnd('/');
        return plain.Length > 0 && !plain.AsSpan().ContainsAny('*', '?', '[') && !plain.Contains('\\', StringComparison.Ordinal)
            && !plain.Split('/').Any(static part => part is "" or "." or "..")
            ? plain
            : throw new CliException(ExitCode.Usage, $"--ignore {path}: a path relative to the model is expected, without '.', '..', '*', '?' and '['");
    }
}
