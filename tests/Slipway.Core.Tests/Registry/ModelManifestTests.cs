namespace Slipway.Core.Tests.Registry;

public sealed class ModelManifestTests
{
    private static readonly Sha256Digest Abc = Sha256Digest.Of("abc"u8);

    // FIPS 180-4's example of one block.
    [Fact]
    public void A_digest_is_sha_256() => Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Abc.ToString());

    [Fact]
    public void A_digest_is_read_in_either_case_and_with_its_prefix()
    {
        Assert.Equal(Abc, Sha256Digest.Parse($"{Abc}".ToUpperInvariant()));
        Assert.Equal(Abc, Sha256Digest.Parse($"sha256:{Abc}"));
        Assert.False(Sha256Digest.TryParse($"{Abc}0", out _));
        Assert.False(Sha256Digest.TryParse($"{Abc}"[..63] + "g", out _));
        Assert.False(Sha256Digest.TryParse(null, out _));
    }

    // Stored and compared across releases: when this fails, the manifest has changed and must not.
    [Fact]
    public void The_version_is_addressed_by_its_sorted_lines()
    {
        ModelManifest manifest = new([new("b/c", Abc, 3), new("a", Abc, 3)]);

        Assert.Equal(["a", "b/c"], manifest.Files.Select(file => file.Path));
        Assert.Equal(6, manifest.TotalBytes);
        Assert.Equal(Sha256Digest.Of(System.Text.Encoding.UTF8.GetBytes($"slipway-version-1\na {Abc} 3\nb/c {Abc} 3\n")), manifest.Digest);
    }

    [Fact]
    public void Impossible_manifests_are_refused()
    {
        Assert.Throws<SlipwayException>(() => new ModelManifest([]));
        Assert.Throws<SlipwayException>(() => new ModelManifest([new("../a", Abc, 3)]));
        Assert.Throws<SlipwayException>(() => new ModelManifest([new("a", Abc, 3), new("a", Abc, 3)]));
    }
}
