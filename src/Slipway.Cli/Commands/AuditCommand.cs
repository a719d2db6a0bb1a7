using System.CommandLine;
using Slipway.Cli.Terminal;
using Slipway.Cli.Trust;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway audit</c>: the audit log of a data folder, offline.</summary>
internal static class AuditCommand
{
    public static Command Create(CliTerminal terminal) => new("audit", "Check and export the audit log of a server's data folder.")
    {
        AuditVerifyCommand.Create(terminal),
        AuditExportCommand.Create(terminal),
    };
}
