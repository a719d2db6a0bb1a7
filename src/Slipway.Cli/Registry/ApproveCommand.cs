using System.CommandLine;
using Slipway.Cli.Terminal;
using Slipway.Client.Registry;

namespace Slipway.Cli.Registry;

/// <summary><c>slipway model approve</c>: consents to a version in one's own name.</summary>
internal static class ApproveCommand
{
    public static Command Create(CliTerminal terminal)
    {
        Argument<string> model = new("MODEL") { Description = "NAME:VERSION or NAME@ALIAS." };
        Option<string?> comment = new("--comment") { Description = "What there is to say.", HelpName = "TEXT" };
        Command command = new("approve", "Approve a version.") { model, comment };
        return RegistryOptions.On(terminal, command, async session =>
        {
            (string name, string version) = VersionReference.Parse(session.Parsed.GetValue(model)!);
            RegistryVersion approved = await session.Api.ApproveAsync(name, version, session.Parsed.GetValue(comment), session.Cancellation);
            await session.WriteAsync(approved, RegistryJson.Indented.RegistryVersion, terminal =>
                terminal.Out.WriteLine($"{name}:{approved.Number} approved by {RegistryText.Approvals(approved.Approvals)}"));
        });
    }
}
