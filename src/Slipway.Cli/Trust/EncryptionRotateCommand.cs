using System.CommandLine;
using Slipway.Cli.Terminal;
using Slipway.Server.Configuration;
using Slipway.Server.Options;
using Slipway.Trust.Encryption;

namespace Slipway.Cli.Trust;

/// <summary><c>slipway encryption rotate</c>: wraps every data key with the present key anew; blobs are not touched.</summary>
internal static class EncryptionRotateCommand
{
    public static Command Create(CliTerminal terminal)
    {
        Option<string> data = new("--data") { Description = "The server's data folder.", HelpName = "DIR", Required = true };
        Option<string?> config = new("--config") { Description = "The server's configuration file, with the present key first and older ones after it.", HelpName = "FILE" };
        Command command = new("rotate", "Wrap every data key with the present key anew; the server may run meanwhile.") { data, config };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ServerOptions options = ServerConfiguration.Read(parsed.GetValue(config), ServerConfiguration.ProcessVariables());
            if (!options.Encryption.IsEnabled)
            {
                throw new CliException(ExitCode.Usage, "the configuration names no key (security.encryption)");
            }

            string folder = Path.Combine(parsed.GetValue(data)!, "envelopes");
            if (!Directory.Exists(folder))
            {
                throw new CliException(ExitCode.Failed, $"nothing is encrypted in '{parsed.GetValue(data)}'");
            }

            IKeyWrapper wrapper = options.Encryption.CreateWrapper(terminal.Time);
            (int rewrapped, int all) = await KeyRotation.RunAsync(new FolderEnvelopeStore(folder), wrapper, cancellationToken);
            await terminal.Out.WriteLineAsync($"{rewrapped} of {all} data keys wrapped anew with {wrapper.KeyId}; the older keys are needed no more");
            return ExitCode.Done;
        });
        return command;
    }
}
