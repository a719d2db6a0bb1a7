using System.CommandLine;
using Slipway.Cli.Terminal;
using Slipway.Trust.Certificates;
using Slipway.Trust.Keys;
using Slipway.Trust.Signing;
using Slipway.Trust.Sigstore;

namespace Slipway.Cli.Trust;

/// <summary>The options that say whose signatures count.</summary>
internal sealed class TrustOptions
{
    private readonly Option<string[]> _key = new("--key") { Description = "A trusted public key in PEM; may be repeated.", HelpName = "FILE" };
    private readonly Option<string[]> _root = new("--root") { Description = "Trusted root certificates in PEM; may be repeated.", HelpName = "FILE" };
    private readonly Option<string[]> _name = new("--name") { Description = "Whom a certificate has to be for: its subject, or an alternative name (default: anybody whom a root vouches for).", HelpName = "NAME" };
    private readonly Option<string[]> _authority = new("--sigstore-root") { Description = "Certificates of the Sigstore authority (Fulcio) in PEM, for keyless signatures.", HelpName = "FILE" };
    private readonly Option<string[]> _log = new("--sigstore-log-key") { Description = "Public key of the Sigstore log (Rekor) in PEM; without it the log's entry and the time of signing are not verified.", HelpName = "FILE" };
    private readonly Option<string[]> _certificateLog = new("--sigstore-ct-key") { Description = "Public key of a certificate transparency log in PEM; without it nobody looks whether the signing certificate is in one.", HelpName = "FILE" };
    private readonly Option<string?> _identity = new("--identity") { Description = "Whom a keyless signature has to be by: e-mail address, or URI of a workflow.", HelpName = "NAME" };
    private readonly Option<string?> _issuer = new("--issuer") { Description = "Who vouched for that identity: URL of the OpenID provider.", HelpName = "URL" };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _key, _root, _name, _authority, _log, _certificateLog, _identity, _issuer })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Reads what was given.</summary>
    /// <exception cref="CliException">Nobody is trusted, or something is missing.</exception>
    public TrustedSigners Read(ParseResult parsed)
    {
        string[] keys = parsed.GetValue(_key) ?? [];
        CertificateRoots? roots = ReadRoots(parsed.GetValue(_root) ?? []);
        CertificateRoots? authorities = ReadRoots(parsed.GetValue(_authority) ?? []);
        if (keys.Length == 0 && roots is null && authorities is null)
        {
            throw new CliException(ExitCode.Usage, "whose signature counts? give --key, --root or --sigstore-root");
        }

        return new TrustedSigners
        {
            Keys = [.. keys.Select(ReadKey)],
            Roots = roots,
            CertificateNames = parsed.GetValue(_name) ?? [],
            Sigstore = authorities is null ? null : ReadSigstore(parsed, authorities),
        };
    }

    private SigstoreTrust ReadSigstore(ParseResult parsed, CertificateRoots authorities) =>
        parsed.GetValue(_identity) is { } identity && parsed.GetValue(_issuer) is { } issuer
            ? new SigstoreTrust(authorities, [new SigstoreIdentity(identity, issuer)])
            {
                LogKeys = [.. (parsed.GetValue(_log) ?? []).Select(ReadKey)],
                CertificateLogKeys = [.. (parsed.GetValue(_certificateLog) ?? []).Select(ReadKey)],
            }
            : throw new CliException(ExitCode.Usage, "--sigstore-root needs --identity and --issuer: anybody can have a certificate of a public authority");

    private static VerificationKey ReadKey(string file) => VerificationKey.FromPem(PemFile.Read(file), $"'{Path.GetFileName(file)}'");

    private static CertificateRoots? ReadRoots(string[] files) => files.Length == 0
        ? null
        : files.Select(static file => CertificateRoots.FromPem(PemFile.Read(file), $"'{Path.GetFileName(file)}'")).Aggregate(static (all, next) => all.With(next));
}
