using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Cli.Quickstart;
using Slipway.Cli.Terminal;
using Slipway.Core;
using Slipway.Server.Hosting;
using Slipway.Server.Options;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway quickstart</c>: sample models, a real server, real predictions, and a rollout that rolls itself back.</summary>
internal static class QuickstartCommand
{
    /// <summary>Name of the command.</summary>
    public const string Name = "quickstart";

    public static Command Create(CliTerminal terminal)
    {
        Option<bool> exit = new("--exit") { Description = "Stop at the end instead of serving until Ctrl-C." };
        Command command = new(Name, "Serve three sample models, ask them for predictions, roll out a bad version and see it go back, show where to look.") { exit };
        command.SetAction((parsed, cancellationToken) => RunAsync(terminal, parsed.GetValue(exit), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliTerminal terminal, bool exit, CancellationToken cancellationToken)
    {
        using Samples samples = Samples.Prepare();
        ServerOptions options = new();
        options.Models.Path = samples.Models;
        options.Models.Settle = TimeSpan.Zero;
        options.Logging.Level = LogLevel.Warning;
        IReadOnlyList<string> taken = FreePorts.Avoid(options.Listeners);
        if (taken.Count > 0)
        {
            await terminal.Out.WriteLineAsync($"Something else listens on {string.Join(", ", taken)}; other ports are used instead.");
        }

        await using SlipwayServer server = await SlipwayServer.StartAsync(options, cancellationToken: cancellationToken);
        if (!await server.WaitUntilReadyAsync(cancellationToken))
        {
            return ExitCode.Failed;
        }

        await terminal.Out.WriteLineAsync(ReadyLine.Format(server.Addresses, server.CountServedModels()));
        await new QuickstartConversation(terminal, samples.Rows, server.Addresses).RunAsync(cancellationToken);
        samples.AddNextVersions();
        await server.Services.GetRequiredService<IModelControl>().LoadAsync("digits", config: null, cancellationToken);
        await new QuickstartRollout(terminal, samples.Rows, server.Addresses).RunAsync(cancellationToken);
        await terminal.Out.WriteLineAsync(Invitation(server.Addresses, samples.Models));
        await terminal.Out.FlushAsync(cancellationToken);
        if (exit)
        {
            await server.StopAsync(cancellationToken);
            return ExitCode.Done;
        }

        await terminal.Out.WriteLineAsync("\nServing until Ctrl-C.");
        await server.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Done;
    }

    private static string Invitation(IReadOnlyDictionary<string, Uri> addresses, string models) => $$"""

        Try it yourself:
          curl -s {{addresses["http"]}}v2/models/iris
          curl -s {{addresses["http"]}}v2/models/iris/infer -d '{"inputs":[{"name":"features","datatype":"FP32","shape":[1,4],"data":[5.9,3.0,5.1,1.8]}]}'
          curl -s {{addresses["http"]}}v1/models/iris:predict -d '{"instances":[[5.9,3.0,5.1,1.8]]}'
          slipway bench --model iris --url {{addresses["http"]}}
        Look inside:
          curl -s {{addresses["admin"]}}api/v1/models        models, versions, states
          slipway rollout status digits --url {{addresses["admin"]}}
          curl -s {{addresses["admin"]}}metrics              metrics for Prometheus
        Serve a model of your own: put an .onnx file into {{models}}, or
          slipway serve --models FOLDER
        """;
}
