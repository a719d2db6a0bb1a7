using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.TestKit;
using Slipway.Trust.Keys;
using Slipway.Trust.Policy;
using Slipway.Trust.Signing;
using Slipway.Trust.Tests.Audit;
using Slipway.Trust.Tests.Signing;

namespace Slipway.Trust.Tests.Policy;

public sealed class SignatureGateTests : IDisposable
{
    private readonly SigningKey _key = SigningKey.Create();
    private readonly EventList _audit = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_signed_version_is_admitted_with_the_bytes_that_were_verified_whatever_becomes_of_the_originals()
    {
        SignedArtifact artifact = await SignAsync(("model.onnx", [1, 2, 3]), ("weights/w.bin", [4]), ("empty", []));
        using AdmittedModel admitted = await Gate(SignatureMode.Refuse).AdmitAsync("m", 1, artifact, default);
        artifact.Content["model.onnx"][0] = 99;
        artifact.Content["weights/w.bin"][0] = 99;
        Assert.Equal([1, 2, 3], Read(admitted.Artifact, "model.onnx"));
        Assert.Equal([4], Read(admitted.Artifact, "weights/w.bin"));
        Assert.Equal([], Read(admitted.Artifact, "empty"));
        Assert.Equal(artifact.ChangeToken, admitted.Artifact.ChangeToken);
        Assert.Empty(_audit.Events);
    }

    [Fact]
    public async Task Large_files_are_copied_to_a_private_folder_that_goes_away()
    {
        byte[] large = new byte[(33 << 20) + 5];
        new Random(1).NextBytes(large);
        SignedArtifact artifact = await SignAsync(("model.onnx", large));
        AdmittedModel admitted = await Gate(SignatureMode.Refuse).AdmitAsync("m", 1, artifact, default);
        artifact.Content["model.onnx"][7] ^= 1;
        using (Microsoft.Win32.SafeHandles.SafeFileHandle handle = admitted.Artifact.OpenFile("model.onnx")!)
        {
            admitted.Dispose();
            byte[] read = new byte[16];
            RandomAccess.Read(handle, read, 0);
            large[7] ^= 1;
            Assert.Equal(large[..16], read);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Root));
    }

    [Theory]
    [InlineData("altered", "'model.onnx' is not as it was signed")]
    [InlineData("extra", "'extra.bin' is not in the signed manifest")]
    [InlineData("hidden", "'.hidden' is not in the signed manifest")]
    [InlineData("unsigned", "not signed")]
    [InlineData("empty-signature", "not valid JSON")]
    [InlineData("other-key", "not trusted")]
    [InlineData("missing", "'other.bin' is missing")]
    public async Task Anything_else_is_refused_and_recorded(string what, string reason)
    {
        SignedArtifact artifact = await SignAsync(("model.onnx", [1, 2, 3]), ("other.bin", [5]));
        using SigningKey other = SigningKey.Create();
        switch (what)
        {
            case "altered":
                artifact.Content["model.onnx"][1] = 9;
                break;
            case "extra":
                artifact.Content["extra.bin"] = [1];
                break;
            case "hidden":
                artifact.Content[".hidden"] = [1];
                break;
            case "missing":
                artifact.Content.Remove("other.bin");
                break;
            case "other-key":
                artifact.Signature = (await new ModelSigner(other).SignAsync("m", SigningVectors.Contents(artifact.Content), default)).ToJson();
                break;
            default:
                artifact.Signature = what == "unsigned" ? null : [];
                break;
        }

        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(async () => await Gate(SignatureMode.Refuse).AdmitAsync("fraud", 3, artifact, default));
        Assert.Equal(ErrorCode.InvalidModel, refused.Code);
        Assert.Contains("model 'fraud' is refused", refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        AuditEvent recorded = Assert.Single(_audit.Events);
        Assert.Equal(("model.load", "fraud:3", AuditOutcome.Denied), (recorded.Action, recorded.Subject.Name, recorded.Outcome));

        using AdmittedModel warned = await Gate(SignatureMode.Warn).AdmitAsync("fraud", 3, artifact, default);
        Assert.Same(artifact, warned.Artifact);
        using AdmittedModel allowed = await Gate(SignatureMode.Allow).AdmitAsync("fraud", 3, artifact, default);
        Assert.Same(artifact, allowed.Artifact);
    }

    [Fact]
    public async Task A_published_version_keeps_its_digest_though_only_what_was_signed_is_read_on()
    {
        SignedArtifact artifact = await SignAsync(("model.onnx", [1, 2, 3]), ("empty", []));
        artifact.Content[".gitattributes"] = [7];
        artifact.Publish();
        using AdmittedModel admitted = await Gate(SignatureMode.Refuse).AdmitAsync("m", 1, artifact, default);
        Assert.Null(admitted.Artifact.ExpectedDigest);
        Assert.Equal(artifact.ExpectedDigest, admitted.Artifact.VerifiedDigest);

        artifact.Content["model.onnx2"] = [];
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(async () => await Gate(SignatureMode.Refuse).AdmitAsync("m", 1, artifact, default));
        Assert.Equal(ErrorCode.InvalidModel, refused.Code);
    }

    [Fact]
    public async Task Files_that_the_signer_left_out_are_not_shown_to_anybody_who_reads_on()
    {
        SignedArtifact artifact = await SignAsync(("model.onnx", [1]));
        artifact.Content[".gitattributes"] = [7];
        using AdmittedModel admitted = await Gate(SignatureMode.Refuse).AdmitAsync("m", 1, artifact, default);
        Assert.Equal("model.onnx", Assert.Single(admitted.Artifact.Files).Name);
        Assert.Throws<SlipwayException>(() => admitted.Artifact.OpenRead(".gitattributes"));
    }

    [Theory]
    [InlineData("*", "anything", true)]
    [InlineData("fraud-*", "fraud-eu", true)]
    [InlineData("fraud-*", "fraud", false)]
    [InlineData("*-eu-*", "fraud-eu-2", true)]
    [InlineData("*-eu-*", "fraud-us-2", false)]
    [InlineData("a*b*c", "aXbYbZc", true)]
    [InlineData("", "a", false)]
    [InlineData("iris", "iris", true)]
    [InlineData("iris", "Iris", false)]
    public void Patterns_fit_whole_names(string pattern, string model, bool fits) =>
        Assert.Equal(fits, new SigningRule(pattern, SignatureMode.Allow, new TrustedSigners()).Matches(model));

    [Fact]
    public async Task The_first_rule_that_fits_decides()
    {
        SignedArtifact artifact = await SignAsync(("model.onnx", [1]));
        artifact.Signature = null;
        TrustedSigners trusted = new() { Keys = [_key.PublicKey] };
        SignaturePolicy policy = new(
            [new SigningRule("play-*", SignatureMode.Allow, trusted), new SigningRule("*", SignatureMode.Refuse, trusted)], SigningVectors.Time);
        SignatureGate gate = new(policy, _folder.Root, null, SigningVectors.Time, NullLogger<SignatureGate>.Instance);
        using AdmittedModel admitted = await gate.AdmitAsync("play-1", 1, artifact, default);
        await Assert.ThrowsAsync<SlipwayException>(async () => await gate.AdmitAsync("prod-1", 1, artifact, default));
    }

    [Fact]
    public void Asking_for_signatures_without_trusting_anybody_is_a_wrong_configuration()
    {
        SlipwayException wrong = Assert.Throws<SlipwayException>(() => new SigningOptions { Mode = SignatureMode.Refuse }.ReadRules());
        Assert.Equal(ErrorCode.InvalidConfiguration, wrong.Code);
        Assert.Contains("nobody is trusted", wrong.Message, StringComparison.Ordinal);
    }

    private SignatureGate Gate(SignatureMode mode) => new(
        new SignaturePolicy([new SigningRule("*", mode, new TrustedSigners { Keys = [_key.PublicKey] })], SigningVectors.Time),
        _folder.Root, _audit, SigningVectors.Time, NullLogger<SignatureGate>.Instance);

    private async Task<SignedArtifact> SignAsync(params (string Name, byte[] Content)[] files)
    {
        SignedArtifact artifact = new(files.ToDictionary(static file => file.Name, static file => file.Content));
        artifact.Signature = (await new ModelSigner(_key).SignAsync("m", SigningVectors.Contents(artifact.Content), default)).ToJson();
        return artifact;
    }

    private static byte[] Read(ModelArtifact artifact, string name)
    {
        using Stream stream = artifact.OpenRead(name);
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private sealed class SignedArtifact(Dictionary<string, byte[]> content) : ModelArtifact
    {
        public Dictionary<string, byte[]> Content { get; } = content;

        public byte[]? Signature { get; set; }

        public override string? ExpectedDigest => _published;

        private string? _published;

        public void Publish() => _published = new ModelManifest(Files.Select(file => new ArtifactFile(file.Name, Sha256Digest.Of(Content[file.Name]), file.Length))).Digest.ToString();

        public override string ChangeToken => "token";

        public override string? MainFile => "model.onnx";

        public override IReadOnlyList<ModelFile> Files => [.. ListEverything().Where(static file => file.Name[0] != '.')];

        public override IReadOnlyList<ModelFile> ListEverything() =>
            [.. Content.OrderBy(static file => file.Key, StringComparer.Ordinal).Select(static file => new ModelFile(file.Key, file.Value.Length))];

        public override Stream OpenRead(string name) => new MemoryStream(Content[name], writable: false);

        public override Stream? OpenSignature() => Signature is null ? null : new MemoryStream(Signature);
    }
}
