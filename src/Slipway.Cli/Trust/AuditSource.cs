using System.CommandLine;
using Slipway.Cli.Terminal;
using Slipway.Trust.Audit;
using Slipway.Trust.Keys;

namespace Slipway.Cli.Trust;

/// <summary>The options that name an audit log and the keys of its checkpoints.</summary>
internal sealed class AuditSource
{
    private readonly Option<string> _data = new("--data") { Description = "The server's data folder, or a copy of it.", HelpName = "DIR", Required = true };
    private readonly Option<string[]> _key = new("--key")
    {
        Description = "Public key of the checkpoints in PEM, kept where nobody who can write the data folder can write; may be repeated (default: the data folder's own).",
        HelpName = "FILE",
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_key);
    }

    /// <summary>Folders of the logs: one, or more when several servers ran on the data folder at the same time.</summary>
    public IReadOnlyList<string> Folders(ParseResult parsed) => AuditFolder.AllOf(parsed.GetValue(_data)!) is { Count: > 0 } folders
        ? folders
        : throw new CliException(ExitCode.Failed, $"there is no audit log in '{parsed.GetValue(_data)}'");

    /// <summary>The keys that were given, or the data folder's own.</summary>
    public IReadOnlyList<VerificationKey> Keys(ParseResult parsed) => parsed.GetValue(_key) is { Length: > 0 } files
        ? [.. files.Select(static file => VerificationKey.FromPem(PemFile.Read(file), $"'{Path.GetFileName(file)}'"))]
        : AuditFolder.PublicKeyOf(parsed.GetValue(_data)!) is { } own ? [own] : [];
}
