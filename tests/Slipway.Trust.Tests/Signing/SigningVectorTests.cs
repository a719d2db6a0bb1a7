using System.Text.RegularExpressions;
using Slipway.Core;
using Slipway.Trust.Bundles;
using Slipway.Trust.Keys;
using Slipway.Trust.Signing;

namespace Slipway.Trust.Tests.Signing;

public sealed class SigningVectorTests
{
    public static TheoryData<string> Valid => [.. SigningVectors.All.Where(static vector => vector.Error is null).Select(static vector => vector.Name)];

    public static TheoryData<string> Invalid => [.. SigningVectors.All.Where(static vector => vector.Error is not null).Select(static vector => vector.Name)];

    [Theory]
    [MemberData(nameof(Valid))]
    public async Task A_valid_signature_of_another_implementation_holds(string name)
    {
        Assert.Equal(SigningVectors.Files.Keys.Order(StringComparer.Ordinal).Where(file => !name.StartsWith("shards", StringComparison.Ordinal) || file != "a/b"), await VerifyAsync(name));
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public async Task An_invalid_one_is_refused_with_its_reason(string name)
    {
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => VerifyAsync(name));
        Assert.Contains(refused.Code, new[] { ErrorCode.InvalidModel, ErrorCode.NotSupported });
        Assert.Matches(new Regex(SigningVectors.All.Single(vector => vector.Name == name).Error!), refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Theory]
    [InlineData("p256")]
    [InlineData("p384")]
    [InlineData("p521")]
    [InlineData("chain")]
    [InlineData("shards")]
    public async Task Each_altered_file_is_named(string name)
    {
        foreach ((string file, byte[] content) in SigningVectors.Files.Where(static file => file.Value.Length > 0))
        {
            foreach (byte[] altered in new[] { [.. content.SkipLast(1)], [.. content, (byte)0], Flip(content, 0), Flip(content, content.Length - 1) })
            {
                Dictionary<string, byte[]> files = new(SigningVectors.Files) { [file] = altered };
                SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => VerifyAsync(name, files));
                Assert.Contains($"'{file}' is not as it was signed", refused.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("p256")]
    [InlineData("shards")]
    public async Task Each_missing_file_is_named(string name)
    {
        foreach (string file in SigningVectors.Files.Where(static file => file.Value.Length > 0).Select(static file => file.Key))
        {
            Dictionary<string, byte[]> files = new(SigningVectors.Files);
            files.Remove(file);
            SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => VerifyAsync(name, files));
            Assert.Equal($"file '{file}' is missing", refused.Message);
        }
    }

    [Theory]
    [InlineData("evil.bin", true)]
    [InlineData("subdir/.git/x", true)]
    [InlineData(".env", true)]
    [InlineData("ignore-me2", true)]
    [InlineData("Weights.bin", true)]
    [InlineData(".git/config", false)]
    [InlineData(".gitignore", false)]
    [InlineData("ignore-me", false)]
    [InlineData("ignore-me/below/it", false)]
    public async Task A_file_that_nobody_signed_fails_unless_the_signer_left_it_out(string file, bool fails)
    {
        Dictionary<string, byte[]> files = new(SigningVectors.Files) { [file] = [1] };
        if (fails)
        {
            SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => VerifyAsync("p256", files));
            Assert.Equal($"file '{file}' is not in the signed manifest", refused.Message);
            Assert.NotEmpty(await VerifyAsync("p256", files, lenient: true));
        }
        else
        {
            Assert.DoesNotContain(file, await VerifyAsync("p256", files));
        }
    }

    [Fact]
    public async Task Passing_over_unsigned_files_forgives_nothing_else()
    {
        Dictionary<string, byte[]> files = new(SigningVectors.Files) { ["more"] = [1], ["weights.bin"] = [2] };
        await Assert.ThrowsAsync<SlipwayException>(() => VerifyAsync("p256", files, lenient: true));
        files.Remove("weights.bin");
        await Assert.ThrowsAsync<SlipwayException>(() => VerifyAsync("p256", files, lenient: true));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/x")]
    [InlineData("a\\b")]
    [InlineData("a//b")]
    public async Task A_name_that_leaves_the_model_is_refused_whoever_lists_it(string file)
    {
        Dictionary<string, byte[]> files = new(SigningVectors.Files) { [file] = [1] };
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => VerifyAsync("p256", files, lenient: true));
        Assert.Contains("its name", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_flipped_bit_of_a_bundle_either_fails_or_changes_nothing_that_is_signed()
    {
        byte[] bundle = SigningVectors.Bundle("p256");
        SignedManifest original = Open(bundle);
        int survived = 0;
        for (int bit = 0; bit < bundle.Length * 8; bit += 5)
        {
            byte[] flipped = [.. bundle];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                SignedManifest opened = Open(flipped);
                Assert.Equal(original.Resources, opened.Resources);
                Assert.Equal(original.RootDigest, opened.RootDigest);
                survived++;
            }
            catch (SlipwayException refused)
            {
                Assert.Contains(refused.Code, new[] { ErrorCode.InvalidModel, ErrorCode.NotSupported });
            }
        }

        // Only names of fields that nobody reads, or white space, may change unseen.
        Assert.InRange(survived, 0, bundle.Length * 8 / 5 / 20);
        await Task.CompletedTask;
    }

    [Fact]
    public void Random_bytes_and_cut_bundles_never_do_more_than_be_refused()
    {
        Random random = new(7);
        byte[] bundle = SigningVectors.Bundle("chain");
        for (int i = 0; i < 400; i++)
        {
            byte[] mangled = [.. bundle[..random.Next(bundle.Length)]];
            for (int n = 0; n < i % 5 && mangled.Length > 0; n++)
            {
                mangled[random.Next(mangled.Length)] = (byte)random.Next(256);
            }

            Assert.Throws<SlipwayException>(() => Open(mangled, "root"));
        }
    }

    [Theory]
    [InlineData("p256", "P-256")]
    [InlineData("p384", "P-384")]
    [InlineData("p521", "P-521")]
    public void Keys_are_read_and_written_as_others_do(string name, string curve)
    {
        VerificationKey key = SigningVectors.Key(name);
        Assert.Equal(curve, key.Curve);
        Assert.Equal(File.ReadAllText(Path.Combine(SigningVectors.Folder, name + ".pub.pem")), key.ToPem());
        Assert.Equal(((PublicKeyMaterial)SignatureBundle.Parse(SigningVectors.Bundle(name)).Material).Hint, key.Fingerprint);
    }

    private static SignedManifest Open(byte[] bundle, string trust = "p256") =>
        new ModelVerifier(SigningVectors.Trust(trust), SigningVectors.Time).Open(SignatureBundle.Parse(bundle)).Manifest;

    private static async Task<IReadOnlyList<string>> VerifyAsync(string name, Dictionary<string, byte[]>? files = null, bool lenient = false)
    {
        SignedManifest manifest = Open(SigningVectors.Bundle(name), SigningVectors.All.Single(vector => vector.Name == name).Trust);
        ManifestCheck check = new(manifest) { IgnoreUnsignedFiles = lenient };
        return await check.RunAsync(SigningVectors.Contents(files ?? SigningVectors.Files), TestContext.Current.CancellationToken);
    }

    private static byte[] Flip(byte[] content, int at)
    {
        byte[] flipped = [.. content];
        flipped[at] ^= 0x10;
        return flipped;
    }
}
