using System.CommandLine;
using Slipway.Cli.Commands;
using Slipway.Cli.Terminal;
using Slipway.Client.Registry;

namespace Slipway.Cli.Registry;

/// <summary><c>slipway model delete</c>: a version, or a model with all of them. The history stays.</summary>
internal static class DeleteCommand
{
    public static Command Create(CliTerminal terminal)
    {
        Argument<string> model = new("MODEL") { Description = "NAME:VERSION or NAME@ALIAS; NAME for the model with all its versions." };
        Option<bool> yes = new("--yes") { Description = "Delete a whole model, or a version that an alias points at." };
        Option<string?> reason = new("--reason") { Description = "Why, for the history.", HelpName = "TEXT" };
        Command command = new("delete", "Delete a version, or a model with all its versions.") { model, yes, reason };
        return RegistryOptions.On(terminal, command, async session =>
        {
            ModelReference reference = ModelReference.Parse(session.Parsed.GetValue(model)!);
            bool isSure = session.Parsed.GetValue(yes);
            if (reference.Version is not { } version)
            {
                await session.Api.GetModelAsync(reference.Name, session.Cancellation);
                if (!isSure)
                {
                    throw new CliException(ExitCode.Usage, $"'{reference.Name}' is a model with all its versions: --yes deletes it, NAME:VERSION one version");
                }

                await session.Api.DeleteModelAsync(reference.Name, session.Parsed.GetValue(reason), session.Cancellation);
                await session.Terminal.Error.WriteLineAsync($"{reference.Name} deleted");
                return;
            }

            RegistryVersion found = await session.Api.GetVersionAsync(reference.Name, version, session.Cancellation);
            string name = $"{reference.Name}:{found.Number}";
            if (found.Aliases.Count > 0 && !isSure)
            {
                throw new CliException(ExitCode.Usage, $"{name} is what {string.Join(", ", found.Aliases)} points at: --yes deletes it with its aliases");
            }

            await session.Api.DeleteVersionAsync(reference.Name, found.Number.ToString(System.Globalization.CultureInfo.InvariantCulture), session.Parsed.GetValue(reason), session.Cancellation);
            await session.Terminal.Error.WriteLineAsync($"{name} deleted");
        });
    }
}
