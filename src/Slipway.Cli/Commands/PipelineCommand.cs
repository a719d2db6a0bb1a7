using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Cli.Terminal;
using Slipway.Core;
using Slipway.Server.Configuration;
using Slipway.Server.Hosting;
using Slipway.Server.Options;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway pipeline check</c>: whether the pipelines of a configuration file fit together, and fit their models.</summary>
internal static class PipelineCommand
{
    public static Command Create(CliTerminal terminal) => new("pipeline", "Check pipelines.") { CreateCheck(terminal) };

    private static Command CreateCheck(CliTerminal terminal)
    {
        Argument<string> file = new("FILE") { Description = "The configuration file (slipway.yaml)." };
        Option<string?> models = new("--models") { HelpName = "DIR", Description = "Load the models of this folder and check against what they take and give (default: models.path of the file)." };
        Command command = new("check", "Check the pipelines of a configuration file without serving it.") { file, models };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ServerOptions options = ServerConfiguration.Read(parsed.GetValue(file)!, []);
            if (options.Pipelines.Count == 0)
            {
                throw new CliException(ExitCode.Usage, $"{parsed.GetValue(file)}: there are no 'pipelines'");
            }

            if ((parsed.GetValue(models) ?? options.Models.Path) is not { } folder)
            {
                await terminal.Out.WriteLineAsync($"{options.Pipelines.Count} pipelines fit together; name a folder with --models to check them against their models");
                return ExitCode.Done;
            }

            await CheckAsync(terminal, options, folder, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    // The models say what they take and give when they are loaded, so they are: on ports of the machine's choice, with nothing kept.
    private static async Task CheckAsync(CliTerminal terminal, ServerOptions given, string folder, CancellationToken cancellationToken)
    {
        ServerOptions options = new() { Pipelines = given.Pipelines, Endpoints = given.Endpoints };
        options.Listeners.Http.Address = options.Listeners.Grpc.Address = options.Listeners.Admin.Address = "127.0.0.1:0";
        options.Models.Path = folder;
        options.Models.Defaults = given.Models.Defaults;
        options.Logging.Level = LogLevel.None;
        await using SlipwayServer server = await SlipwayServer.StartAsync(options, cancellationToken: cancellationToken);
        await server.WaitUntilReadyAsync(cancellationToken);
        IModelCatalog catalog = server.Services.GetRequiredService<IModelCatalog>();
        List<string> problems = [];
        foreach (string name in options.Pipelines.Select(static pipeline => pipeline.Name))
        {
            try
            {
                ServableInfo info = await catalog.GetServableAsync(name, VersionSelector.Default, cancellationToken);
                await terminal.Out.WriteLineAsync($"{name}: ready, {info.Signature.Inputs.Count} inputs, {info.Signature.Outputs.Count} outputs, digest {info.Digest}");
            }
            catch (SlipwayException failure) when (!cancellationToken.IsCancellationRequested)
            {
                problems.Add($"pipelines.{name}: {failure.Message}");
            }
        }

        if (problems.Count > 0)
        {
            throw new CliException(ExitCode.BadInput, string.Join("; ", problems));
        }
    }
}
