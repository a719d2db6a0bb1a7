using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Core;
using Slipway.Trust.Bundles;
using Slipway.Trust.Certificates;
using Slipway.Trust.Keys;
using Slipway.Trust.Merkle;
using Slipway.Trust.Signing;
using Slipway.Trust.Sigstore;
using Slipway.Trust.Tests.Signing;

namespace Slipway.Trust.Tests.Sigstore;

/// <summary>Keyless signatures against an authority and a log of the test's own, made piece by piece as Sigstore's specifications say.</summary>
public sealed class KeylessTests : IDisposable
{
    private const string Name = "https://github.com/example/models/.github/workflows/release.yml@refs/heads/main";
    private const string Issuer = "https://token.actions.githubusercontent.com";

    // Months ago: the certificate has long expired, and holds because the log says when it was used.
    private static readonly DateTimeOffset SignedAt = new(2026, 2, 1, 10, 0, 0, TimeSpan.Zero);

    private readonly ECDsa _authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private readonly ECDsa _leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _logKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;

    public KeylessTests()
    {
        CertificateRequest request = new("CN=authority", _authorityKey, HashAlgorithmName.SHA384);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _authority = request.CreateSelfSigned(SignedAt.AddYears(-1), SignedAt.AddYears(9));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _authorityKey.Dispose();
        _leafKey.Dispose();
        _logKey.Dispose();
    }

    [Theory]
    [InlineData("dsse")]
    [InlineData("intoto")]
    public async Task A_signature_that_the_log_knows_holds_long_after_its_certificate(string kind)
    {
        JsonObject bundle = await MakeAsync(kind);
        (SignedManifest manifest, Signer signer) = Open(bundle);
        Assert.Equal(SigningVectors.Files.Count, manifest.Resources.Count);
        Assert.Equal(("sigstore", $"{Name} ({Issuer})"), (signer.Method, signer.Name));
        Assert.Equal("the certificate's entry in the certificate transparency log", Assert.Single(signer.NotVerified));
    }

    [Fact]
    public async Task Without_the_logs_key_it_says_what_was_taken_on_trust()
    {
        (_, Signer signer) = Open(await MakeAsync("dsse"), withLog: false);
        Assert.Equal(3, signer.NotVerified.Count);
    }

    [Theory]
    [InlineData("another-name", "not among those that are trusted")]
    [InlineData("another-issuer", "not among those that are trusted")]
    [InlineData("another-authority", "not trusted")]
    [InlineData("signed-outside-validity", "not valid at this time")]
    [InlineData("time-altered", "signed time that does not hold")]
    [InlineData("no-promise", "no signed time")]
    [InlineData("no-proof", "no proof of inclusion")]
    [InlineData("proof-hash-altered", "proof of inclusion does not hold")]
    [InlineData("proof-index-altered", "proof of inclusion does not hold")]
    [InlineData("root-altered", "proof of inclusion does not hold")]
    [InlineData("checkpoint-of-another-log", "not signed by the log key")]
    [InlineData("checkpoint-size-altered", "not signed by the log key")]
    [InlineData("another-log", "log whose key was not given")]
    [InlineData("entry-of-another-signature", "about another signature")]
    [InlineData("kind", "dsse and intoto are supported")]
    [InlineData("signature-by-another-key", "does not hold")]
    public async Task Whatever_does_not_hold_is_refused_by_name(string what, string reason)
    {
        JsonObject bundle = await MakeAsync(what == "kind" ? "hashedrekord" : "dsse", what);
        JsonNode entry = bundle["verificationMaterial"]!["tlogEntries"]![0]!;
        JsonNode proof = entry["inclusionProof"]!;
        switch (what)
        {
            case "time-altered":
                entry["integratedTime"] = SignedAt.AddSeconds(1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
                break;
            case "no-promise":
                entry["inclusionPromise"] = null;
                break;
            case "no-proof":
                entry["inclusionProof"] = null;
                break;
            case "proof-hash-altered":
                proof["hashes"]![0] = Convert.ToBase64String(new byte[32]);
                break;
            case "proof-index-altered":
                proof["logIndex"] = "1";
                break;
            case "root-altered":
                proof["rootHash"] = Convert.ToBase64String(new byte[32]);
                break;
            case "checkpoint-size-altered":
                proof["checkpoint"]!["envelope"] = proof["checkpoint"]!["envelope"]!.GetValue<string>().Replace("\n3\n", "\n4\n", StringComparison.Ordinal);
                break;
        }

        SlipwayException refused = Assert.Throws<SlipwayException>(() => Open(bundle, trusted: what switch
        {
            "another-name" => new SigstoreIdentity("eve@example.com", Issuer),
            "another-issuer" => new SigstoreIdentity(Name, "https://accounts.example.com"),
            _ => new SigstoreIdentity(Name, Issuer),
        }));
        Assert.Equal(ErrorCode.InvalidModel, refused.Code);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    private (SignedManifest, Signer) Open(JsonObject bundle, bool withLog = true, SigstoreIdentity? trusted = null)
    {
        SigstoreTrust sigstore = new(CertificateRoots.FromPem(_authority.ExportCertificatePem(), "authority"), [trusted ?? new SigstoreIdentity(Name, Issuer)])
        {
            LogKeys = withLog ? [VerificationKey.FromSubjectPublicKeyInfo(_logKey.ExportSubjectPublicKeyInfo(), "log")] : [],
        };
        return new ModelVerifier(new TrustedSigners { Sigstore = sigstore }, SigningVectors.Time).Open(SignatureBundle.Parse(Encoding.UTF8.GetBytes(bundle.ToJsonString())));
    }

    private async Task<JsonObject> MakeAsync(string kind, string what = "")
    {
        // 1. The statement, signed by the key of the certificate.
        using ECDsa otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using SigningKey key = SigningKey.FromPem((what == "signature-by-another-key" ? otherKey : _leafKey).ExportPkcs8PrivateKeyPem(), null, "leaf");
        SignatureBundle signed = await new ModelSigner(key).SignAsync("m", SigningVectors.Contents(SigningVectors.Files), default);
        using X509Certificate2 leaf = Certify(what == "another-authority");
        string pem = Convert.ToBase64String(Encoding.ASCII.GetBytes(leaf.ExportCertificatePem() + "\n"));
        string signature = Convert.ToBase64String(signed.Envelope.Signature.Span);

        // 2. What the log keeps of it.
        string hash = what == "entry-of-another-signature" ? new string('0', 64) : Convert.ToHexStringLower(SHA256.HashData(signed.Envelope.Payload.Span));
        string spec = kind == "intoto"
            ? $$"""{"content":{"envelope":{"payloadType":"application/vnd.in-toto+json","signatures":[{"publicKey":"{{pem}}","sig":"{{Convert.ToBase64String(Encoding.ASCII.GetBytes(signature))}}"}]},"payloadHash":{"algorithm":"sha256","value":"{{hash}}"}}}"""
            : $$"""{"payloadHash":{"algorithm":"sha256","value":"{{hash}}"},"signatures":[{"signature":"{{signature}}","verifier":"{{pem}}"}]}""";
        byte[] body = Encoding.UTF8.GetBytes($$"""{"apiVersion":"0.0.1","kind":"{{kind}}","spec":{{spec}}}""");

        // 3. A log of three entries; this one is the last.
        byte[] first = MerkleHash.Leaf("first"u8), second = MerkleHash.Leaf("second"u8);
        byte[] before = MerkleHash.Node(first, second);
        byte[] root = MerkleHash.Node(before, MerkleHash.Leaf(body));
        using ECDsa anotherLog = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECDsa log = what == "another-log" ? anotherLog : _logKey;
        byte[] logId = SHA256.HashData(log.ExportSubjectPublicKeyInfo());
        string note = $"rekor.example.com - 1\n3\n{Convert.ToBase64String(root)}\n";
        byte[] noteSignature = (what == "checkpoint-of-another-log" ? anotherLog : log).SignData(Encoding.UTF8.GetBytes(note), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        string checkpoint = $"{note}\n\u2014 rekor.example.com {Convert.ToBase64String([.. logId[..4], .. noteSignature])}\n";
        long time = (what == "signed-outside-validity" ? SignedAt.AddHours(1) : SignedAt).ToUnixTimeSeconds();
        string promised = string.Create(CultureInfo.InvariantCulture,
            $$"""{"body":"{{Convert.ToBase64String(body)}}","integratedTime":{{time}},"logID":"{{Convert.ToHexStringLower(logId)}}","logIndex":77}""");
        byte[] promise = log.SignData(Encoding.UTF8.GetBytes(promised), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return new JsonObject
        {
            ["mediaType"] = SignatureBundle.MediaType,
            ["verificationMaterial"] = new JsonObject
            {
                ["certificate"] = new JsonObject { ["rawBytes"] = Convert.ToBase64String(leaf.RawData) },
                ["tlogEntries"] = new JsonArray(new JsonObject
                {
                    ["logIndex"] = "77",
                    ["logId"] = new JsonObject { ["keyId"] = Convert.ToBase64String(logId) },
                    ["kindVersion"] = new JsonObject { ["kind"] = kind, ["version"] = "0.0.1" },
                    ["integratedTime"] = time.ToString(CultureInfo.InvariantCulture),
                    ["inclusionPromise"] = new JsonObject { ["signedEntryTimestamp"] = Convert.ToBase64String(promise) },
                    ["inclusionProof"] = new JsonObject
                    {
                        ["logIndex"] = "2",
                        ["rootHash"] = Convert.ToBase64String(root),
                        ["treeSize"] = "3",
                        ["hashes"] = new JsonArray(Convert.ToBase64String(before)),
                        ["checkpoint"] = new JsonObject { ["envelope"] = checkpoint },
                    },
                    ["canonicalizedBody"] = Convert.ToBase64String(body),
                }),
            },
            ["dsseEnvelope"] = new JsonObject
            {
                ["payload"] = Convert.ToBase64String(signed.Envelope.Payload.Span),
                ["payloadType"] = signed.Envelope.PayloadType,
                ["signatures"] = new JsonArray(new JsonObject { ["sig"] = signature }),
            },
        };
    }

    // Valid for ten minutes, as the public authority's are.
    private X509Certificate2 Certify(bool byAnother)
    {
        CertificateRequest request = new("", _leafKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.3")], false));
        SubjectAlternativeNameBuilder names = new();
        names.AddUri(new Uri(Name));
        request.CertificateExtensions.Add(names.Build(critical: true));
        AsnWriter issuer = new(AsnEncodingRules.DER);
        issuer.WriteCharacterString(UniversalTagNumber.UTF8String, Issuer);
        request.CertificateExtensions.Add(new X509Extension("1.3.6.1.4.1.57264.1.8", issuer.Encode(), false));
        using ECDsa another = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        return request.Create(_authority.SubjectName, X509SignatureGenerator.CreateForECDsa(byAnother ? another : _authorityKey), SignedAt.AddMinutes(-5), SignedAt.AddMinutes(5), [1, 2, 3, 4]);
    }
}
