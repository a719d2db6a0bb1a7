namespace Slipway.Cli.Terminal;

/// <summary>Ends a command with an exit status and one line on standard error.</summary>
/// <param name="exitCode">One of <see cref="Terminal.ExitCode"/>.</param>
/// <param name="message">The line: names the culprit and what was expected.</param>
/// <param name="innerException">The cause, where there is one.</param>
internal sealed class CliException(int exitCode, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Status that the process exits with.</summary>
    public int ExitCode { get; } = exitCode;
}
