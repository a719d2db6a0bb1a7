using System.CommandLine;
using Slipway.Cli.Registry;
using Slipway.Cli.Terminal;
using Slipway.Cli.Trust;

namespace Slipway.Cli;

/// <summary><c>slipway model</c>: the registry, and what is done with models as such. A new subcommand is one line here.</summary>
internal static class ModelCommand
{
    public static Command Create(CliTerminal terminal) => new("model", "Publish models, decide which version answers, sign and verify.")
    {
        PushCommand.Create(terminal),
        ListCommand.Create(terminal),
        ShowCommand.Create(terminal),
        AliasCommand.Create(terminal),
        StageCommand.Create(terminal),
        ApproveCommand.Create(terminal),
        HistoryCommand.Create(terminal),
        LineageCommand.Create(terminal),
        DownloadCommand.Create(terminal),
        DeleteCommand.Create(terminal),
        ModelSignCommand.Create(terminal),
        ModelVerifyCommand.Create(terminal),
        ModelDocumentCommands.Sbom(terminal),
        ModelDocumentCommands.Card(terminal),
    };
}
