using System.CommandLine;
using Slipway.Cli.Terminal;
using Slipway.Cli.Trust;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway receipt</c>: signed statements about single answers.</summary>
internal static class ReceiptCommand
{
    public static Command Create(CliTerminal terminal) => new("receipt", "Verify receipts of answers.")
    {
        ReceiptVerifyCommand.Create(terminal),
    };
}
