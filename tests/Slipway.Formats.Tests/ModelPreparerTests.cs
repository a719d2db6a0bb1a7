using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.TestKit;

namespace Slipway.Formats.Tests;

public sealed class ModelPreparerTests
{
    // The registry addresses a version, and an answer names it, by one digest. Names beyond the basic plane sort differently as UTF-16.
    [Fact]
    public void Digest_of_a_version_is_that_of_its_manifest_in_the_registry()
    {
        ArtifactFile[] files = [new("\U0001F600", Sha256Digest.Of("a"u8), 1), new("\uFF21 b/c", Sha256Digest.Of("b"u8), 2), new("model.onnx", Sha256Digest.Of(""u8), 0)];

        Assert.Equal(
            VersionManifest.ComputeDigest(files.Select(file => new VersionManifest.Entry(file.Path, $"{file.Digest}", file.Length))),
            $"{new ModelManifest(files).Digest}");
    }

    private readonly ModelPreparer _preparer = new(ModelFormats.Default);

    [Fact]
    public async Task Version_that_is_not_what_was_published_is_refused_before_it_is_read()
    {
        MemoryModelArtifact altered = new MemoryModelArtifact("not even a model"u8.ToArray()).Expecting(new string('0', 64));

        SlipwayException fault = await Assert.ThrowsAsync<SlipwayException>(async () => await _preparer.PrepareAsync(altered, CancellationToken.None));

        Assert.Equal(ErrorCode.InvalidModel, fault.Code);
        Assert.Contains("not those that were published", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_is_handed_on_with_its_digest_and_platform()
    {
        byte[] bytes = OnnxModels.Identity();

        using PreparedModel model = await _preparer.PrepareAsync(new MemoryModelArtifact(bytes), CancellationToken.None);

        Assert.Equal(("onnx", "onnxruntime_onnx", bytes.Length), (model.Runtime, model.Platform, (int)model.Model.Length));
        Assert.True(bytes.AsSpan().SequenceEqual(model.Model.Bytes.Span));
        Assert.Equal(64, model.Digest.Length);
    }

    [Fact]
    public async Task Which_of_the_files_of_a_version_is_the_model_is_handed_on()
    {
        foreach (string main in (string[])["a.onnx", "b.onnx"])
        {
            using PreparedModel model = await _preparer.PrepareAsync(
                new MemoryModelArtifact(main, ("a.onnx", OnnxModels.Add(1)), ("b.onnx", OnnxModels.Add(2))), CancellationToken.None);
            Assert.Equal(main, model.MainFile);
        }
    }

    [Fact]
    public async Task External_data_inside_the_version_is_handed_on_by_location()
    {
        MemoryModelArtifact artifact = new("model.onnx", ("model.onnx", OnnxModels.WithExternalData()), ("weights.bin", new byte[8]));

        using PreparedModel model = await _preparer.PrepareAsync(artifact, CancellationToken.None);

        Assert.Equal(8, model.ExternalData["weights.bin"].Length);
    }

    [Theory]
    [InlineData("../weights.bin", null, null)]
    [InlineData("/etc/passwd", null, null)]
    [InlineData("missing.bin", null, null)]
    [InlineData("weights.bin", "1", null)]
    [InlineData("weights.bin", "0", "4")]
    [InlineData("weights.bin", "9", null)]
    [InlineData("weights.bin", "-1", null)]
    [InlineData("", null, null)]
    [InlineData("*/_ORT_MEM_ADDR_/*", "4096", "8")]
    public async Task External_data_that_breaks_a_rule_is_refused(string location, string? offset, string? length)
    {
        MemoryModelArtifact artifact = new("model.onnx", ("model.onnx", OnnxModels.WithExternalData(location, offset, length)), ("weights.bin", new byte[8]));

        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(async () => await _preparer.PrepareAsync(artifact, CancellationToken.None));

        Assert.Equal(ErrorCode.InvalidModel, refused.Code);
    }

    [Fact]
    public async Task External_data_by_a_name_that_the_engine_does_not_find_is_refused_with_one_that_it_does()
    {
        MemoryModelArtifact artifact = new("model.onnx", ("model.onnx", OnnxModels.WithExternalData("./weights.bin")), ("weights.bin", new byte[8]));

        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(async () => await _preparer.PrepareAsync(artifact, CancellationToken.None));

        Assert.Equal(ErrorCode.InvalidModel, refused.Code);
        Assert.Contains("'./weights.bin'", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("the location 'weights.bin'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_truncation_of_a_model_is_refused_or_read_and_nothing_else()
    {
        byte[] bytes = OnnxModels.AddSub();
        for (int length = 0; length < bytes.Length; length++)
        {
            try
            {
                using PreparedModel model = await _preparer.PrepareAsync(new MemoryModelArtifact(bytes[..length]), CancellationToken.None);
            }
            catch (SlipwayException refused)
            {
                Assert.Equal(ErrorCode.InvalidModel, refused.Code);
            }
        }
    }
}
