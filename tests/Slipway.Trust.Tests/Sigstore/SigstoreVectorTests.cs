using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Core;
using Slipway.TestKit;
using Slipway.Trust.Bundles;
using Slipway.Trust.Certificates;
using Slipway.Trust.Keys;
using Slipway.Trust.Signing;
using Slipway.Trust.Sigstore;

namespace Slipway.Trust.Tests.Sigstore;

/// <summary>Keyless signatures that Vectors/make_sigstore_vectors.py made: valid ones, and for each thing that is verified ones in which just that does not hold.</summary>
public sealed class SigstoreVectorTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Slipway.Trust.Tests", "Vectors", "sigstore");

    // Years after the certificates of ten minutes have expired: it is the log that knows when they were used.
    private static readonly FixedTime Now = new(new DateTimeOffset(2029, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static readonly SigstoreIdentity Ana = new("ana@example.com", "https://accounts.example.com");
    private static readonly SigstoreIdentity Workflow = new("https://forge.example/org/model/.github/workflows/sign.yml@refs/heads/main", "https://token.forge.example");

    private static readonly Dictionary<string, (string Trust, string? Error)> All = ReadIndex();

    public static TheoryData<string> Valid => [.. All.Where(static vector => vector.Value.Error is null).Select(static vector => vector.Key)];

    public static TheoryData<string> Invalid => [.. All.Where(static vector => vector.Value.Error is not null).Select(static vector => vector.Key)];

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_valid_signature_holds_and_names_its_signer(string name)
    {
        (SignedManifest manifest, Signer signer) = Open(name);

        Assert.Equal("sigstore", signer.Method);
        Assert.StartsWith(All[name].Trust.StartsWith("workflow", StringComparison.Ordinal) ? Workflow.Name : Ana.Name, signer.Name, StringComparison.Ordinal);
        bool isSeen = All[name].Trust.EndsWith("+ct", StringComparison.Ordinal);
        Assert.Equal(isSeen ? 0 : name == "no-log-key" ? 3 : 1, signer.NotVerified.Count);
        Assert.All(signer.NotVerified.Take(1), static first => Assert.Contains("certificate transparency", first, StringComparison.Ordinal));
        Assert.Equal("model.onnx", Assert.Single(manifest.Resources).Path);
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void An_invalid_one_is_refused_with_its_reason(string name)
    {
        SlipwayException refused = Assert.Throws<SlipwayException>(() => Open(name));

        Assert.Equal(ErrorCode.InvalidModel, refused.Code);
        Assert.Matches(new Regex(All[name].Error!), refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void Without_trust_in_keyless_signatures_none_counts()
    {
        SignatureBundle bundle = Bundle("dsse");
        SlipwayException refused = Assert.Throws<SlipwayException>(() => new ModelVerifier(new TrustedSigners(), Now).Open(bundle));
        Assert.Contains("no authority for these is trusted", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dsse")]
    [InlineData("intoto")]
    [InlineData("stamped")]
    public void Any_flipped_bit_of_a_bundle_either_fails_or_changes_nothing_that_is_signed(string name)
    {
        byte[] bundle = File.ReadAllBytes(Path.Combine(Folder, name + ".sig"));
        ModelVerifier verifier = new(Trust(All[name].Trust), Now);
        string original = verifier.Open(SignatureBundle.Parse(bundle)).Manifest.RootDigest;
        int survived = 0;
        int tried = 0;
        for (int bit = 0; bit < bundle.Length * 8; bit += 61)
        {
            byte[] flipped = [.. bundle];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            tried++;
            try
            {
                (SignedManifest manifest, Signer signer) = verifier.Open(SignatureBundle.Parse(flipped));
                Assert.Equal(original, manifest.RootDigest);
                Assert.StartsWith(Ana.Name, signer.Name, StringComparison.Ordinal);
                survived++;
            }
            catch (SlipwayException refused)
            {
                Assert.Contains(refused.Code, new[] { ErrorCode.InvalidModel, ErrorCode.NotSupported });
            }
        }

        // Only names of fields that nobody reads, the name of the log's key, or white space may change unseen.
        Assert.InRange(survived, 0, tried / 10);
    }

    private static (SignedManifest Manifest, Signer Signer) Open(string name) => new ModelVerifier(Trust(All[name].Trust), Now).Open(Bundle(name));

    private static SignatureBundle Bundle(string name) => SignatureBundle.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".sig")));

    private static TrustedSigners Trust(string words)
    {
        SigstoreIdentity[] identities = [.. new[] { words.Contains("ana", StringComparison.Ordinal) ? Ana : null, words.Contains("workflow", StringComparison.Ordinal) ? Workflow : null }.OfType<SigstoreIdentity>()];
        string? log = words switch { "ana-without-log" => null, "ana-other-log" => "other-log.pub.pem", _ => "log.pub.pem" };
        return new TrustedSigners
        {
            Sigstore = new SigstoreTrust(CertificateRoots.FromPem(Read("authorities.pem"), "authorities"), identities)
            {
                LogKeys = log is null ? [] : [VerificationKey.FromPem(Read(log), log)],
                CertificateLogKeys = words.EndsWith("+ct", StringComparison.Ordinal) ? [VerificationKey.FromPem(Read("ct.pub.pem"), "ct")] : [],
            },
        };
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));

    private static Dictionary<string, (string, string?)> ReadIndex()
    {
        using JsonDocument document = JsonDocument.Parse(Read("index.json"));
        return document.RootElement.EnumerateArray().ToDictionary(
            static each => each.GetProperty("name").GetString()!, static each => (each.GetProperty("trust").GetString()!, each.GetProperty("error").GetString()));
    }
}
