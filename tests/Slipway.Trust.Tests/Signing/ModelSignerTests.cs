using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Slipway.Core;
using Slipway.TestKit;
using Slipway.Trust.Bundles;
using Slipway.Trust.Folders;
using Slipway.Trust.Keys;
using Slipway.Trust.Signing;

namespace Slipway.Trust.Tests.Signing;

public sealed class ModelSignerTests
{
    // Verifies a bundle with nothing of ours: the encoding, the digests and the order are worked out anew.
    private const string PythonVerifier = """
        import base64, hashlib, json, os, sys
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography import x509
        bundle = json.load(open("model.sig"))
        assert bundle["mediaType"] == "application/vnd.dev.sigstore.bundle.v0.3+json"
        material = bundle["verificationMaterial"]
        pem = open("key.pub", "rb").read()
        key = serialization.load_pem_public_key(pem)
        if "publicKey" in material:
            assert material["publicKey"] == {"hint": hashlib.sha256(pem).hexdigest()}
        else:
            leaf = x509.load_der_x509_certificate(base64.b64decode(material["x509CertificateChain"]["certificates"][0]["rawBytes"]))
            assert leaf.public_key().public_numbers() == key.public_numbers()
        envelope = bundle["dsseEnvelope"]
        payload, kind = base64.b64decode(envelope["payload"], validate=True), envelope["payloadType"]
        pae = b" ".join([b"DSSEv1", str(len(kind)).encode(), kind.encode(), str(len(payload)).encode(), payload])
        used = {256: hashes.SHA256(), 384: hashes.SHA384(), 521: hashes.SHA512()}[key.curve.key_size]
        key.verify(base64.b64decode(envelope["signatures"][0]["sig"]), pae, ec.ECDSA(used))
        statement = json.loads(payload)
        assert statement["_type"] == "https://in-toto.io/Statement/v1" and statement["predicateType"] == "https://model_signing/signature/v1.0"
        predicate = statement["predicate"]
        assert predicate["serialization"]["method"] == "files" and predicate["serialization"]["hash_type"] == "sha256" and predicate["serialization"]["allow_symlinks"] is False
        assert "shard_size" not in predicate["serialization"]
        names = [r["name"] for r in predicate["resources"]]
        assert names == sorted(names), names
        for r in predicate["resources"]:
            assert r["algorithm"] == "sha256" and r["digest"] == hashlib.sha256(open("model/" + r["name"], "rb").read()).hexdigest()
        root = hashlib.sha256(b"".join(bytes.fromhex(r["digest"]) for r in predicate["resources"])).hexdigest()
        assert statement["subject"] == [{"name": "model", "digest": {"sha256": root}}]
        print("|".join(names))
        """;

    [Theory]
    [InlineData("nistP256", false)]
    [InlineData("nistP384", false)]
    [InlineData("nistP521", false)]
    [InlineData("nistP384", true)]
    public async Task What_is_signed_here_verifies_with_another_implementation(string curve, bool withCertificate)
    {
        Assert.SkipUnless(await PythonProcess.HasAsync("cryptography"), "needs python3-cryptography");
        using TemporaryFolder folder = new();
        foreach ((string name, byte[] content) in SigningVectors.Files)
        {
            folder.Write("model/" + name, content);
        }

        folder.Write("model/.git/HEAD", "not signed");
        folder.Write("model/cache/tmp", "left out");
        using ECDsa made = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        using SigningKey key = SigningKey.FromPem(made.ExportECPrivateKeyPem(), null, "key");
        folder.Write("key.pub", key.PublicKey.ToPem());
        ModelSigner signer = withCertificate
            ? new ModelSigner(key, [CertificateFor(made)]) { IgnorePaths = ["cache"] }
            : new ModelSigner(key) { IgnorePaths = ["cache"] };
        ModelOnDisk model = ModelOnDisk.Open(folder.PathOf("model"), folder.PathOf("model.sig"), []);
        SignatureBundle bundle = await signer.SignAsync(model.Name, model.Files, TestContext.Current.CancellationToken);
        File.WriteAllBytes(model.SignaturePath, bundle.ToJson());

        (int exit, string output) = await PythonProcess.RunAsync(folder.Root, PythonVerifier);
        Assert.True(exit == 0, output);
        Assert.Equal(string.Join('|', SigningVectors.Files.Keys.OrderBy(static name => System.Text.Encoding.UTF8.GetBytes(name), Comparer<byte[]>.Create(static (x, y) => x.AsSpan().SequenceCompareTo(y)))), output.Trim());
    }

    [Fact]
    public async Task Signing_twice_states_the_same()
    {
        using SigningKey key = SigningKey.Create();
        ModelSigner signer = new(key);
        SignatureBundle first = await signer.SignAsync("m", SigningVectors.Contents(SigningVectors.Files), default);
        SignatureBundle second = await signer.SignAsync("m", SigningVectors.Contents(SigningVectors.Files.Reverse()), default);
        Assert.Equal(first.Envelope.Payload.ToArray(), second.Envelope.Payload.ToArray());
    }

    [Fact]
    public async Task A_model_without_files_is_not_signed()
    {
        using SigningKey key = SigningKey.Create();
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(async () =>
            await new ModelSigner(key).SignAsync("m", SigningVectors.Contents([KeyValuePair.Create(".git/HEAD", new byte[] { 1 })]), default));
        Assert.Equal("there is no file to sign", refused.Message);
    }

    [Fact]
    public void A_certificate_for_another_key_is_refused()
    {
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using SigningKey key = SigningKey.Create();
        SlipwayException refused = Assert.Throws<SlipwayException>(() => new ModelSigner(key, [CertificateFor(other)]));
        Assert.Contains("another key", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("link")]
    [InlineData("folder-link")]
    [InlineData("link-to-nothing")]
    public void Links_in_a_model_are_refused_by_name(string name)
    {
        using TemporaryFolder folder = new();
        folder.Write("model/weights.bin", "w");
        folder.Write("secret", "s");
        string path = folder.PathOf("model/" + name);
        if (name == "folder-link")
        {
            Directory.CreateSymbolicLink(path, folder.Root);
        }
        else
        {
            File.CreateSymbolicLink(path, name == "link" ? folder.PathOf("secret") : "/nowhere");
        }

        SlipwayException refused = Assert.Throws<SlipwayException>(() => ModelOnDisk.Open(folder.PathOf("model"), null, []));
        Assert.Contains($"'{name}' is a symbolic link", refused.Message, StringComparison.Ordinal);
        Assert.Single(ModelOnDisk.Open(folder.PathOf("model"), null, [name]).Files);
    }

    [Fact]
    public void The_signature_lies_in_the_folder_or_beside_the_file_and_is_no_part_of_the_model()
    {
        using TemporaryFolder folder = new();
        folder.Write("m/weights.bin", "w");
        folder.Write("m/model.sig", "s");
        folder.Write("iris.onnx", "o");
        ModelOnDisk inFolder = ModelOnDisk.Open(folder.PathOf("m") + "/", null, []);
        Assert.Equal(("m", folder.PathOf("m/model.sig"), "weights.bin"), (inFolder.Name, inFolder.SignaturePath, Assert.Single(inFolder.Files).Name));
        ModelOnDisk single = ModelOnDisk.Open(folder.PathOf("iris.onnx"), null, []);
        Assert.Equal(("iris.onnx", folder.PathOf("iris.onnx.sig"), "iris.onnx"), (single.Name, single.SignaturePath, Assert.Single(single.Files).Name));
    }

    [Fact]
    public void Keys_of_other_kinds_and_wrong_passphrases_are_refused()
    {
        using RSA rsa = RSA.Create(2048);
        using ECDsa brainpool = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);
        using ECDsa good = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string locked = good.ExportEncryptedPkcs8PrivateKeyPem("right", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        foreach (string pem in new[] { rsa.ExportPkcs8PrivateKeyPem(), brainpool.ExportPkcs8PrivateKeyPem(), good.ExportSubjectPublicKeyInfoPem(), "nothing", locked })
        {
            Assert.Equal(ErrorCode.InvalidConfiguration, Assert.Throws<SlipwayException>(() => SigningKey.FromPem(pem, pem == locked ? "wrong" : null, "k")).Code);
        }

        Assert.Contains("passphrase", Assert.Throws<SlipwayException>(() => SigningKey.FromPem(locked, null, "k")).Message, StringComparison.Ordinal);
        using SigningKey opened = SigningKey.FromPem(locked, "right", "k");
        foreach (string pem in new[] { rsa.ExportSubjectPublicKeyInfoPem(), brainpool.ExportSubjectPublicKeyInfoPem(), good.ExportPkcs8PrivateKeyPem(), "nothing" })
        {
            Assert.Equal(ErrorCode.InvalidConfiguration, Assert.Throws<SlipwayException>(() => VerificationKey.FromPem(pem, "k")).Code);
        }
    }

    private static byte[] CertificateFor(ECDsa key)
    {
        CertificateRequest request = new("CN=signer", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return certificate.RawData;
    }
}
