using System.CommandLine;
using Slipway.Cli.Commands;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Registry;

/// <summary>The options that say which registry a command works on; the same on every command.</summary>
internal sealed class RegistryOptions
{
    private readonly Option<Uri?> _url = new("--url")
    {
        Description = "Control plane of a running server (default: $SLIPWAY_URL, else http://127.0.0.1:8090 where one answers).",
        HelpName = "URL",
        CustomParser = UriOption.Parse,
    };

    private readonly Option<string?> _data = new("--data")
    {
        Description = "Work on the store in this folder, without a server (default when no server answers: slipway-data).",
        HelpName = "DIR",
    };

    private readonly Option<string?> _config = new("--config") { Description = "Configuration file that names the store, as for serve.", HelpName = "FILE" };

    private readonly Option<bool> _json = new("--json") { Description = "Print the result as JSON." };

    /// <summary>Whether the result is wanted as JSON.</summary>
    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Adds the options to a command and makes it run on the registry that they name.</summary>
    public static Command On(CliTerminal terminal, Command command, Func<RegistrySession, Task> run)
    {
        RegistryOptions options = new();
        foreach (Option option in (Option[])[options._url, options._data, options._config, options._json])
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            RegistryChoice choice = new(parsed.GetValue(options._url), parsed.GetValue(options._data), parsed.GetValue(options._config));
            await using RegistrySession session = await RegistrySession.OpenAsync(choice, parsed, options.IsJson(parsed), terminal, cancellationToken);
            await run(session);
            return ExitCode.Done;
        });
        return command;
    }
}

/// <summary>Which registry was named on the command line.</summary>
/// <param name="Url">A running server; null: none was named.</param>
/// <param name="Data">A data folder; null: none was named.</param>
/// <param name="Config">A configuration file; null: none was named.</param>
internal sealed record RegistryChoice(Uri? Url, string? Data, string? Config);
