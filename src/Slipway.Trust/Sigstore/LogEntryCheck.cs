using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Slipway.Core;
using Slipway.Trust.Bundles;
using Slipway.Trust.Dsse;
using Slipway.Trust.Json;
using Slipway.Trust.Keys;
using Slipway.Trust.Merkle;

namespace Slipway.Trust.Sigstore;

/// <summary>Verifies an entry of the transparency log (Rekor): the promise, which binds the time, the proof of inclusion, and that the entry is about this signature.</summary>
internal static class LogEntryCheck
{
    private const string What = "the log entry";

    /// <summary>Verifies an entry.</summary>
    /// <returns>When the signature was logged.</returns>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> with what does not hold.</exception>
    public static DateTimeOffset Verify(LogEntry entry, IReadOnlyList<VerificationKey> logKeys, DsseEnvelope envelope, byte[] certificate)
    {
        VerificationKey key = logKeys.FirstOrDefault(candidate => SHA256.HashData(candidate.SubjectPublicKeyInfo.Span).AsSpan().SequenceEqual(entry.LogId))
            ?? throw Wrong("is of a log whose key was not given");
        VerifyPromise(entry, key);
        VerifyInclusion(entry, key);
        VerifyBody(entry, envelope, certificate);
        return DateTimeOffset.FromUnixTimeSeconds(entry.IntegratedTime);
    }

    private static void VerifyPromise(LogEntry entry, VerificationKey key)
    {
        if (entry.SignedEntryTimestamp is not { } promise)
        {
            throw Wrong("has no signed time (inclusionPromise); time stamps of RFC 3161 are not supported");
        }

        // Canonical JSON (RFC 8785): names in order, no white space.
        string promised = string.Create(CultureInfo.InvariantCulture,
            $$"""{"body":"{{Convert.ToBase64String(entry.Body)}}","integratedTime":{{entry.IntegratedTime}},"logID":"{{Convert.ToHexStringLower(entry.LogId)}}","logIndex":{{entry.LogIndex}}}""");
        if (!key.Verify(Encoding.UTF8.GetBytes(promised), promise) || entry.IntegratedTime > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            throw Wrong("has a signed time that does not hold");
        }
    }

    private static void VerifyInclusion(LogEntry entry, VerificationKey key)
    {
        InclusionProof proof = entry.Proof ?? throw Wrong("has no proof of inclusion");
        Checkpoint checkpoint = Checkpoint.Open(proof.Checkpoint, [key]);
        byte[]? root = MerkleProof.Root(proof.LogIndex, proof.TreeSize, MerkleHash.Leaf(entry.Body), proof.Hashes);
        if (root is null || !root.AsSpan().SequenceEqual(proof.RootHash) || checkpoint.Size != proof.TreeSize || !checkpoint.RootHash.AsSpan().SequenceEqual(root))
        {
            throw Wrong("is not in the log: its proof of inclusion does not hold");
        }
    }

    private static void VerifyBody(LogEntry entry, DsseEnvelope envelope, byte[] certificate)
    {
        JsonField body = JsonField.Parse(entry.Body, What);
        JsonField spec = body.Require("spec");
        bool isAboutThis = body.Require("kind").AsText() switch
        {
            "dsse" => IsDsse(spec, envelope, certificate),
            "intoto" => IsInToto(spec, envelope, certificate),
            var kind => throw Wrong($"is of the kind '{kind}'; dsse and intoto are supported"),
        };
        if (!isAboutThis)
        {
            throw Wrong("is about another signature");
        }
    }

    private static bool IsDsse(JsonField spec, DsseEnvelope envelope, byte[] certificate) =>
        IsHashOf(spec.Require("payloadHash"), envelope)
        && spec.Require("signatures").AsList(16).Any(signature =>
            signature.Require("signature").AsBytes().AsSpan().SequenceEqual(envelope.Signature.Span) && IsCertificate(signature.Require("verifier"), certificate));

    // Here the signature is base64 of what is base64 already.
    private static bool IsInToto(JsonField spec, DsseEnvelope envelope, byte[] certificate) =>
        IsHashOf(spec.Require("content").Require("payloadHash"), envelope)
        && spec.Require("content").Require("envelope").Require("signatures").AsList(16).Any(signature =>
            Encoding.ASCII.GetString(signature.Require("sig").AsBytes()) == Convert.ToBase64String(envelope.Signature.Span)
            && IsCertificate(signature.Require("publicKey"), certificate));

    private static bool IsHashOf(JsonField hash, DsseEnvelope envelope) =>
        hash.Require("algorithm").AsText() == "sha256" && hash.Require("value").AsText() == Convert.ToHexStringLower(SHA256.HashData(envelope.Payload.Span));

    private static bool IsCertificate(JsonField verifier, byte[] certificate)
    {
        string pem = Encoding.ASCII.GetString(verifier.AsBytes());
        return PemEncoding.TryFind(pem, out PemFields fields)
            && pem[fields.Label] == "CERTIFICATE"
            && Convert.FromBase64String(pem[fields.Base64Data]).AsSpan().SequenceEqual(certificate);
    }

    private static SlipwayException Wrong(string what) => new(ErrorCode.InvalidModel, $"{What} of the signature {what}");
}
