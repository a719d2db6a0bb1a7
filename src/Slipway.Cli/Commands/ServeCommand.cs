using System.CommandLine;
using Slipway.Cli.Terminal;
using Slipway.Server.Configuration;
using Slipway.Server.Hosting;
using Slipway.Server.Options;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway serve</c>: the server itself.</summary>
internal static class ServeCommand
{
    /// <summary>Name of the command.</summary>
    public const string Name = "serve";

    public static Command Create(CliTerminal terminal)
    {
        Option<string?> models = new("--models") { Description = "Folder with models: NAME.onnx, NAME/model.onnx or NAME/VERSION/model.onnx.", HelpName = "DIR" };
        Option<string?> data = new("--data") { Description = "Folder for what the server keeps between runs: the registry, converted models (default slipway-data; none keeps nothing).", HelpName = "DIR" };
        Option<string?> config = new("--config") { Description = "Configuration file, see docs/configuration.md.", HelpName = "FILE" };
        Option<string?> http = Address("--http", "Data plane over HTTP/1.1 (default 127.0.0.1:8080).");
        Option<string?> grpc = Address("--grpc", "Data plane over HTTP/2: gRPC and REST (default 127.0.0.1:8081).");
        Option<string?> admin = Address("--admin", "Management API and metrics (default 127.0.0.1:8090).");
        Option<bool?> watch = new("--watch") { Description = "Keep watching the folder and serve what changes (default true; --watch false reads it once)." };
        Option<bool> insecure = new("--insecure") { Description = "Allow listeners that other machines can reach without TLS and authentication." };

        Command command = new(Name, "Serve the models of a folder.") { models, data, config, http, grpc, admin, watch, insecure };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ServerOptions options = ServerConfiguration.Read(parsed.GetValue(config), ServerConfiguration.ProcessVariables());
            options.Listeners.Http.Address = parsed.GetValue(http) ?? options.Listeners.Http.Address;
            options.Listeners.Grpc.Address = parsed.GetValue(grpc) ?? options.Listeners.Grpc.Address;
            options.Listeners.Admin.Address = parsed.GetValue(admin) ?? options.Listeners.Admin.Address;
            options.Models.Path = parsed.GetValue(models) ?? options.Models.Path;
            options.Models.Watch = parsed.GetValue(watch) ?? options.Models.Watch;
            options.Data = await DataOfAsync(terminal, parsed.GetValue(data) ?? options.Data);
            options.Insecure |= parsed.GetValue(insecure);
            await SlipwayServer.RunAsync(options, terminal.Out, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    // A folder that was asked for has to be there; the one that nobody asked for is no reason not to serve.
    private static async Task<string?> DataOfAsync(CliTerminal terminal, string? named)
    {
        string? data = DataFolder.Resolve(named);
        if (File.Exists(data))
        {
            throw new CliException(ExitCode.Usage, $"data: '{data}' is a file; expected a folder");
        }

        try
        {
            if (named is null && !OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(data!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            return data;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            await terminal.Error.WriteLineAsync($"slipway: the folder '{data}' can't be made here: nothing is kept, and there is no registry (--data names another folder)");
            return null;
        }
    }

    private static Option<string?> Address(string name, string description) => new(name) { Description = description, HelpName = "HOST:PORT" };
}
