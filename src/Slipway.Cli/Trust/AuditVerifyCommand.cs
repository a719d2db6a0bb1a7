using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Cli.Terminal;
using Slipway.Trust.Audit;
using Slipway.Trust.Keys;

namespace Slipway.Cli.Trust;

/// <summary><c>slipway audit verify</c>: whether every entry is there as it was written, and if not, which is the first that isn't.</summary>
internal static class AuditVerifyCommand
{
    public static Command Create(CliTerminal terminal)
    {
        AuditSource source = new();
        Option<bool> json = new("--json") { Description = "Print the result as JSON." };
        Command command = new("verify", "Check the chain of entries and the signed checkpoints; name the first entry that is altered or missing.") { json };
        source.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            IReadOnlyList<VerificationKey> keys = source.Keys(parsed);
            foreach (string folder in source.Folders(parsed))
            {
                using FolderAuditStore store = FolderAuditStore.OpenRead(folder);
                AuditReport report = await AuditVerifier.VerifyAsync(store, keys, null, cancellationToken);
                await WriteAsync(terminal.Out, Path.GetFileName(folder), report, parsed.GetValue(json));
                if (report.Fault is { } fault)
                {
                    throw new CliException(ExitCode.BadInput, $"{Path.GetFileName(folder)}: {fault.Problem}");
                }
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static async Task WriteAsync(TextWriter output, string log, AuditReport report, bool asJson)
    {
        if (asJson)
        {
            AuditResult result = new(
                log, report.Fault is null, report.Entries, Convert.ToHexStringLower(report.Root), report.Checkpoint?.Size ?? 0, report.Checkpoint?.Time, report.Fault?.Entry, report.Fault?.Problem);
            await output.WriteLineAsync(JsonSerializer.Serialize(result, AuditResultJson.Default.AuditResult));
        }
        else if (report.Fault is null)
        {
            string covered = report.Checkpoint is { } checkpoint
                ? $"signed for up to entry {checkpoint.Size} at {checkpoint.Time:u}"
                : "no signed checkpoint covers them: entries cut off at the end would not be noticed";
            await output.WriteLineAsync($"{log}: {report.Entries} {(report.Entries == 1 ? "entry" : "entries")}, each as it was written; {covered}");
            await output.WriteLineAsync($"{log}: root {Convert.ToHexStringLower(report.Root)}");
        }
    }
}

/// <summary>Result of a check, for machines.</summary>
/// <param name="Log">Which log.</param>
/// <param name="Ok">Whether nothing is wrong.</param>
/// <param name="Entries">Entries that follow one another from the first on.</param>
/// <param name="Root">Root of the Merkle tree over them.</param>
/// <param name="CheckpointSize">Entries that the last checkpoint speaks for; 0: none.</param>
/// <param name="CheckpointTime">When it was signed.</param>
/// <param name="FaultEntry">The first entry that is altered or missing.</param>
/// <param name="Fault">What is wrong with it.</param>
internal sealed record AuditResult(string Log, bool Ok, long Entries, string Root, long CheckpointSize, DateTimeOffset? CheckpointTime, long? FaultEntry, string? Fault);

/// <summary>JSON of a result.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditResult))]
internal sealed partial class AuditResultJson : JsonSerializerContext;
