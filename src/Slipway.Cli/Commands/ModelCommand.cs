using System.CommandLine;
using Slipway.Cli.Terminal;
using Slipway.Cli.Trust;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway model</c>: what is done with models as such. A new subcommand is one line here.</summary>
internal static class ModelCommand
{
    public static Command Create(CliTerminal terminal) => new("model", "Sign and verify models.")
    {
        ModelSignCommand.Create(terminal),
        ModelVerifyCommand.Create(terminal),
    };
}
