using System.CommandLine;
using Slipway.Cli.Terminal;
using Slipway.Client.Registry;

namespace Slipway.Cli.Registry;

/// <summary><c>slipway model stage</c>: moves a version to a stage.</summary>
internal static class StageCommand
{
    public static Command Create(CliTerminal terminal)
    {
        Argument<string> model = new("MODEL") { Description = "NAME:VERSION or NAME@ALIAS." };
        Argument<string> stage = new("STAGE") { Description = "The stage, such as Staging, Production or Archived." };
        Option<bool> archive = new("--archive-others") { Description = "Move the other versions of that stage to Archived." };
        Option<string?> reason = new("--reason") { Description = "Why, for the history.", HelpName = "TEXT" };
        Command command = new("stage", "Move a version to a stage.") { model, stage, archive, reason };
        return RegistryOptions.On(terminal, command, async session =>
        {
            (string name, string version) = VersionReference.Parse(session.Parsed.GetValue(model)!);
            StageMove move = new(session.Parsed.GetValue(stage)!) { ArchiveOthers = session.Parsed.GetValue(archive), Reason = session.Parsed.GetValue(reason) };
            RegistryVersion moved = await session.Api.SetStageAsync(name, version, move, session.Cancellation);
            await session.WriteAsync(moved, RegistryJson.Indented.RegistryVersion, terminal => terminal.Out.WriteLine($"{name}:{moved.Number} is in stage {moved.Stage}"));
        });
    }
}
