using System.CommandLine;
using Slipway.Cli.Data;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway data</c>: looks after the data folder, offline or beside a running server.</summary>
internal static class DataCommand
{
    public static Command Create(CliTerminal terminal) => new("data", "Check, clean up, back up and restore the registry in a data folder.")
    {
        DataCheckCommand.Create(terminal),
        DataCollectCommand.Create(terminal),
        DataBackupCommand.Create(terminal),
        DataRestoreCommand.Create(terminal),
    };
}
