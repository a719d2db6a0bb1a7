namespace Slipway.Cli.Terminal;

/// <summary>Exit statuses of the <c>slipway</c> command. Scripts rely on the numbers: never change one.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Failed for a reason that lies in neither the command line nor the files given.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage: an unknown or missing option, a bad value, a wrong configuration.</summary>
    public const int Usage = 2;

    /// <summary>The model or the input is bad.</summary>
    public const int BadInput = 3;
}
