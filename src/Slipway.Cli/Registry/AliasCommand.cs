using System.CommandLine;
using System.Globalization;
using Slipway.Cli.Terminal;
using Slipway.Client.Registry;

namespace Slipway.Cli.Registry;

/// <summary><c>slipway model alias</c>: points an alias at a version, which moves traffic; or removes it.</summary>
internal static class AliasCommand
{
    private const string Nowhere = "none";

    public static Command Create(CliTerminal terminal)
    {
        Argument<string> model = new("NAME") { Description = "Name of the model." };
        Argument<string> alias = new("ALIAS") { Description = "The alias, such as champion." };
        Argument<long?> version = new("VERSION") { Description = "Number of the version that it is to point at.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> delete = new("--delete") { Description = "Remove the alias." };
        Option<string?> expect = new("--expect") { Description = "Move it only when it points at this version now, or at none.", HelpName = "N|none" };
        Option<string?> reason = new("--reason") { Description = "Why, for the history.", HelpName = "TEXT" };
        Command command = new("alias", "Point an alias at a version: the server follows within a second.") { model, alias, version, delete, expect, reason };
        return RegistryOptions.On(terminal, command, async session =>
        {
            string name = session.Parsed.GetValue(model)!;
            string which = session.Parsed.GetValue(alias)!;
            string? why = session.Parsed.GetValue(reason);
            string? believed = session.Parsed.GetValue(expect);
            if (believed is not null and not Nowhere && !long.TryParse(believed, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                throw new CliException(ExitCode.Usage, $"--expect {believed}: a version number or '{Nowhere}' was expected");
            }

            if (session.Parsed.GetValue(delete))
            {
                if (session.Parsed.GetValue(version) is not null || believed is not null)
                {
                    throw new CliException(ExitCode.Usage, "--delete removes the alias wherever it points: it takes neither VERSION nor --expect");
                }

                await session.Api.DeleteAliasAsync(name, which, why, session.Cancellation);
                await session.Terminal.Error.WriteLineAsync($"{name}@{which} removed");
                return;
            }

            long number = session.Parsed.GetValue(version) ?? throw new CliException(ExitCode.Usage, "VERSION is missing: the number of the version that the alias is to point at");
            AliasMoved moved = await session.Api.SetAliasAsync(name, which, new AliasMove(number) { Expect = believed, Reason = why }, session.Cancellation);
            await session.WriteAsync(moved, RegistryJson.Indented.AliasMoved, terminal => terminal.Out.WriteLine(moved.Previous switch
            {
                null => string.Create(CultureInfo.InvariantCulture, $"{name}@{which} → {number}"),
                { } before when before == number => string.Create(CultureInfo.InvariantCulture, $"{name}@{which} → {number}, as before"),
                { } before => string.Create(CultureInfo.InvariantCulture, $"{name}@{which} → {number}, was {before}"),
            }));
        });
    }
}
