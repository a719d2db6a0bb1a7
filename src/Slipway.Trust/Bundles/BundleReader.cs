using Slipway.Core;
using Slipway.Trust.Dsse;
using Slipway.Trust.Json;

namespace Slipway.Trust.Bundles;

/// <summary>Reads Sigstore bundles.</summary>
internal static class BundleReader
{
    private const string What = "the signature";
    private const string OldSpelling = "application/vnd.dev.sigstore.bundle+json;version=0.3";
    private const int MaxProofHashes = 64;
    private const int MaxLogEntries = 8;

    /// <summary>Reads a bundle.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>, naming the field at fault.</exception>
    public static SignatureBundle Read(ReadOnlyMemory<byte> json)
    {
        if (json.Length > TrustLimits.MaxBundleBytes)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"{What} has more than {TrustLimits.MaxBundleBytes} bytes");
        }

        JsonField bundle = JsonField.Parse(json, What);
        JsonField mediaType = bundle.Require("mediaType");
        if (mediaType.AsText() != OldSpelling)
        {
            mediaType.Expect(SignatureBundle.MediaType);
        }

        return new SignatureBundle(ReadMaterial(bundle.Require("verificationMaterial")), ReadEnvelope(bundle.Require("dsseEnvelope")));
    }

    private static DsseEnvelope ReadEnvelope(JsonField envelope)
    {
        JsonField list = envelope.Require("signatures");
        IReadOnlyList<JsonField> signatures = list.AsList(16);
        return signatures.Count == 1
            ? new DsseEnvelope(envelope.Require("payloadType").AsText(), envelope.Require("payload").AsBytes(), signatures[0].Require("sig").AsBytes())
            : throw list.Wrong($"has {signatures.Count} entries, but exactly one signature is expected");
    }

    private static VerificationMaterial ReadMaterial(JsonField material)
    {
        JsonField? key = material.Find("publicKey");
        JsonField? chain = material.Find("x509CertificateChain");
        JsonField? certificate = material.Find("certificate");
        if ((key is null ? 0 : 1) + (chain is null ? 0 : 1) + (certificate is null ? 0 : 1) != 1)
        {
            throw material.Wrong("has to have exactly one of publicKey, x509CertificateChain and certificate");
        }

        IReadOnlyList<JsonField> entries = material.Find("tlogEntries")?.AsList(MaxLogEntries) ?? [];
        if (key is { } given)
        {
            return new PublicKeyMaterial(given.Find("hint")?.AsText() is { Length: > 0 } hint ? hint : null);
        }

        if (chain is { } listed)
        {
            return new CertificateChainMaterial(ReadCertificates(listed.Require("certificates")));
        }

        return entries.Count > 0
            ? new SigstoreMaterial(certificate!.Value.Require("rawBytes").AsBytes(), [.. entries.Select(ReadEntry)])
            : throw material.Wrong("has no entry of a transparency log (tlogEntries), which a Sigstore certificate needs");
    }

    private static byte[][] ReadCertificates(JsonField list)
    {
        byte[][] certificates = [.. list.AsList(TrustLimits.MaxCertificates).Select(static certificate => certificate.Require("rawBytes").AsBytes())];
        return certificates.Length > 0 ? certificates : throw list.Wrong("is empty");
    }

    private static LogEntry ReadEntry(JsonField entry) => new(
        entry.Find("logIndex")?.AsCount() ?? 0,
        entry.Require("logId").Require("keyId").AsBytes(),
        entry.Find("kindVersion")?.Find("kind")?.AsText() ?? "",
        entry.Find("integratedTime")?.AsCount() ?? 0,
        entry.Require("canonicalizedBody").AsBytes())
    {
        SignedEntryTimestamp = entry.Find("inclusionPromise")?.Find("signedEntryTimestamp")?.AsBytes(),
        Proof = entry.Find("inclusionProof") is { } proof ? ReadProof(proof) : null,
    };

    private static InclusionProof ReadProof(JsonField proof) => new(
        proof.Find("logIndex")?.AsCount() ?? 0,
        proof.Require("treeSize").AsCount(),
        proof.Require("rootHash").AsBytes(),
        [.. (proof.Find("hashes")?.AsList(MaxProofHashes) ?? []).Select(static hash => hash.AsBytes())],
        proof.Require("checkpoint").Require("envelope").AsText());
}
