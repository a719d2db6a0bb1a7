using Slipway.Core;
using Slipway.Trust.Bundles;
using Slipway.Trust.Certificates;
using Slipway.Trust.Dsse;
using Slipway.Trust.Keys;

namespace Slipway.Trust.Signing;

/// <summary>Signs models: hashes their files, states them, and signs the statement (OpenSSF Model Signing v1.0, section 6).</summary>
public sealed class ModelSigner
{
    private readonly SigningKey _key;
    private readonly VerificationMaterial _material;

    /// <summary>Signs with a bare key, which stays the caller's.</summary>
    public ModelSigner(SigningKey key)
    {
        (_key, _material) = (key, new PublicKeyMaterial(key.PublicKey.Fingerprint));
    }

    /// <summary>Signs with a key and the certificate for it.</summary>
    /// <param name="key">The certificate's private key; stays the caller's.</param>
    /// <param name="certificates">The signing certificate, then those between it and the root, in DER.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: the certificate is for another key, or not for signing.</exception>
    public ModelSigner(SigningKey key, IReadOnlyList<byte[]> certificates)
    {
        SigningCertificate certificate = SigningCertificate.Read(certificates[0]);
        if (!certificate.Key.SubjectPublicKeyInfo.Span.SequenceEqual(key.PublicKey.SubjectPublicKeyInfo.Span))
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, "the certificate is for another key than the one to sign with");
        }

        (_key, _material) = (key, new CertificateChainMaterial(certificates));
    }

    /// <summary>Paths to leave out beside the default ones, relative to the model; a path stands for all below it.</summary>
    public IReadOnlyList<string> IgnorePaths { get; init; } = [];

    /// <summary>Signs a model.</summary>
    /// <param name="modelName">Name to state: that of the model's folder or file.</param>
    /// <param name="files">All files of the model.</param>
    /// <param name="cancellationToken">Stops hashing.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: there is no file to sign, or one with a name that can't be signed.</exception>
    public async ValueTask<SignatureBundle> SignAsync(string modelName, IReadOnlyList<ContentFile> files, CancellationToken cancellationToken)
    {
        string[] ignored = [.. SignedManifest.DefaultIgnores, .. IgnorePaths];
        List<ManifestResource> resources = [];
        foreach (ContentFile file in files.Where(file => !ResourceNames.IsIgnored(file.Name, ignored)).OrderBy(static file => file.Name, Comparer<string>.Create(ResourceNames.Compare)))
        {
            if (ResourceNames.Problem(file.Name) is { } problem)
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"file '{ResourceNames.Show(file.Name)}' can't be signed: its name {problem}");
            }

            resources.Add(new ManifestResource(file.Name, await ContentHasher.HashAsync(file, null, cancellationToken)));
        }

        if (resources.Count == 0)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, "there is no file to sign");
        }

        byte[] payload = ManifestWriter.Write(new SignedManifest(modelName, ManifestWriter.RootDigest(resources), resources) { IgnorePaths = ignored });
        byte[] signature = _key.Sign(DsseEnvelope.Encode(DsseEnvelope.InTotoPayload, payload));
        return new SignatureBundle(_material, new DsseEnvelope(DsseEnvelope.InTotoPayload, payload, signature));
    }
}
