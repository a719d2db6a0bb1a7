using System.CommandLine;
using System.Text;
using Slipway.Cli.Terminal;
using Slipway.Trust.Audit;

namespace Slipway.Cli.Trust;

/// <summary><c>slipway audit export</c>: the entries as JSON Lines, checked on the way.</summary>
internal static class AuditExportCommand
{
    public static Command Create(CliTerminal terminal)
    {
        AuditSource source = new();
        Option<string?> output = new("--output") { Description = "File to write (default: standard output).", HelpName = "FILE" };
        Command command = new("export", "Write the entries, one JSON object a line; stops at the first that is altered or missing.") { output };
        source.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using StreamWriter? file = parsed.GetValue(output) is { } path ? new StreamWriter(path, append: false, new UTF8Encoding(false)) : null;
            TextWriter writer = file ?? terminal.Out;
            foreach (string folder in source.Folders(parsed))
            {
                using FolderAuditStore store = FolderAuditStore.OpenRead(folder);
                AuditReport report = await AuditVerifier.VerifyAsync(
                    store, source.Keys(parsed), async entry => await writer.WriteLineAsync(Encoding.UTF8.GetString(entry.Json.Span)), cancellationToken);
                await writer.FlushAsync(cancellationToken);
                if (report.Fault is { } fault)
                {
                    throw new CliException(ExitCode.BadInput, $"{Path.GetFileName(folder)}: {fault.Problem}; what is written ends before");
                }
            }

            return ExitCode.Done;
        });
        return command;
    }
}
