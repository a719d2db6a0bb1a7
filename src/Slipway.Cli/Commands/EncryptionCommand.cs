using System.CommandLine;
using Slipway.Cli.Terminal;
using Slipway.Cli.Trust;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway encryption</c>: the keys that blobs are encrypted with.</summary>
internal static class EncryptionCommand
{
    public static Command Create(CliTerminal terminal) => new("encryption", "Change the key that blobs are encrypted with.")
    {
        EncryptionRotateCommand.Create(terminal),
    };
}
