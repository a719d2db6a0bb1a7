using Slipway.Core;
using Slipway.Trust.Certificates;
using Slipway.Trust.Keys;
using Slipway.Trust.Signing;
using Slipway.Trust.Sigstore;

namespace Slipway.Trust.Policy;

/// <summary>What an operator demands of signatures, as it is configured: files are named here and read by <see cref="ReadRules"/>.</summary>
public sealed record SigningOptions
{
    /// <summary>What is asked of models that no entry of <see cref="Models"/> is about. Default: nothing.</summary>
    public SignatureMode Mode { get; init; } = SignatureMode.Allow;

    /// <summary>Whose signatures count where an entry says nothing of its own.</summary>
    public SignerFiles Signers { get; init; } = new();

    /// <summary>Models with rules of their own; the first entry whose pattern fits decides.</summary>
    public IReadOnlyList<ModelSigningOptions> Models { get; init; } = [];

    /// <summary>Reads keys and certificates.</summary>
    /// <returns>The rules in order; the last one fits every model.</returns>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: a file can't be read, or nobody is trusted where a signature is asked for.</exception>
    public IReadOnlyList<SigningRule> ReadRules()
    {
        TrustedSigners everywhere = Signers.Read();
        List<SigningRule> rules = [.. Models.Select(model => new SigningRule(model.Pattern, model.Mode ?? Mode, model.Signers.IsEmpty ? everywhere : model.Signers.Read()))];
        rules.Add(new SigningRule("*", Mode, everywhere));
        SigningRule? impossible = rules.FirstOrDefault(static rule =>
            rule.Mode != SignatureMode.Allow && rule.Trusted is { Keys.Count: 0, Roots: null, Sigstore: null });
        return impossible is null
            ? rules
            : throw new SlipwayException(ErrorCode.InvalidConfiguration,
                $"security.signing: a signature is asked for models '{impossible.Pattern}', but nobody is trusted: give keys, roots or sigstore");
    }
}

/// <summary>A rule for some models.</summary>
/// <param name="Pattern">Their names; <c>*</c> stands for any characters.</param>
public sealed record ModelSigningOptions(string Pattern)
{
    /// <summary>What is asked; null: what is asked of all.</summary>
    public SignatureMode? Mode { get; init; }

    /// <summary>Whose signatures count; empty: those of all models. They replace them, they don't add to them.</summary>
    public SignerFiles Signers { get; init; } = new();
}

/// <summary>Trusted signers, as files.</summary>
public sealed record SignerFiles
{
    /// <summary>Public keys in PEM.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Root certificates in PEM.</summary>
    public IReadOnlyList<string> Roots { get; init; } = [];

    /// <summary>Whom a certificate has to be for; empty: anybody whom a root vouches for.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Certificates of the Sigstore authority in PEM.</summary>
    public IReadOnlyList<string> SigstoreRoots { get; init; } = [];

    /// <summary>Keys of the Sigstore log in PEM.</summary>
    public IReadOnlyList<string> SigstoreLogKeys { get; init; } = [];

    /// <summary>Keys of certificate transparency logs in PEM; none: whether certificates are in one is not verified.</summary>
    public IReadOnlyList<string> SigstoreCertificateLogKeys { get; init; } = [];

    /// <summary>Who is trusted to sign with Sigstore.</summary>
    public IReadOnlyList<SigstoreIdentity> SigstoreIdentities { get; init; } = [];

    /// <summary>Whether nobody is named.</summary>
    public bool IsEmpty => Keys.Count == 0 && Roots.Count == 0 && SigstoreRoots.Count == 0;

    /// <summary>Reads the files.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>.</exception>
    public TrustedSigners Read()
    {
        if (Names.Count > 0 && Roots.Count == 0)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, "security.signing: names of certificates are given, but no roots");
        }

        if (SigstoreRoots.Count > 0 && (SigstoreIdentities.Count == 0 || SigstoreLogKeys.Count == 0))
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, "security.signing: sigstore needs roots, logKeys and identities");
        }

        return new TrustedSigners
        {
            Keys = [.. Keys.Select(ReadKey)],
            Roots = ReadRoots(Roots),
            CertificateNames = Names,
            Sigstore = ReadRoots(SigstoreRoots) is { } authorities
                ? new SigstoreTrust(authorities, SigstoreIdentities)
                {
                    LogKeys = [.. SigstoreLogKeys.Select(ReadKey)],
                    CertificateLogKeys = [.. SigstoreCertificateLogKeys.Select(ReadKey)],
                }
                : null,
        };
    }

    private static VerificationKey ReadKey(string file) => VerificationKey.FromPem(PemFile.Read(file), $"'{Path.GetFileName(file)}'");

    private static CertificateRoots? ReadRoots(IReadOnlyList<string> files) => files.Count == 0
        ? null
        : files.Select(static file => CertificateRoots.FromPem(PemFile.Read(file), $"'{Path.GetFileName(file)}'")).Aggregate(static (all, next) => all.With(next));
}
