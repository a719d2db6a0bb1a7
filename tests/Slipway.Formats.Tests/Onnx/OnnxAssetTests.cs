using System.Formats.Tar;
using System.IO.Compression;
using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.TestKit;

namespace Slipway.Formats.Tests.Onnx;

/// <summary>Every ONNX model of the conformance data is read, described and prepared; the ones that must be refused are.</summary>
public sealed class OnnxAssetTests
{
    private readonly ModelPreparer _preparer = new(ModelFormats.Default);

    [Fact]
    public async Task Models_that_the_engine_runs_are_described_without_an_error()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        List<string> wrong = [];
        int models = 0;
        foreach ((string name, ModelArtifact artifact) in Archive("onnx/backend-tests.tar.gz").Concat(Archive("onnx/light-cnn.tar.gz")).Concat(Files("onnx/runtime")).Concat(Files("onnx/others/vespa")))
        {
            models++;
            ModelInspection inspection = _preparer.Inspect(artifact, CancellationToken.None);
            wrong.AddRange(inspection.Problems.Where(static problem => problem.IsError).Select(problem => $"{name}: {problem.Message}"));
            if (inspection.Format != "onnx" || inspection.Outputs.Count == 0 || inspection.Opsets.Count == 0)
            {
                wrong.Add($"{name}: {inspection.Format} with {inspection.Outputs.Count} outputs");
            }

            using PreparedModel prepared = await _preparer.PrepareAsync(artifact, CancellationToken.None);
        }

        Assert.Empty(wrong);
        Assert.True(models > 500, $"{models} models");
    }

    [Theory]
    [InlineData("add_opset_314159.onnx", ErrorCode.InvalidModel, "there is no version 314159 of operator set 'ai.onnx'")]
    [InlineData("mul_1.noopset.onnx", ErrorCode.InvalidModel, "imports no operator set")]
    [InlineData("text.onnx", ErrorCode.NotSupported, "is a text file")]
    [InlineData("truncated-half.onnx", ErrorCode.InvalidModel, "cut off")]
    public async Task Models_that_must_be_refused_say_why(string file, ErrorCode code, string reason)
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        MemoryModelArtifact artifact = new(File.ReadAllBytes(Assets.PathOf($"onnx/negative/{file}")));

        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(async () => await _preparer.PrepareAsync(artifact, CancellationToken.None));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Equal(code, refused.Code);
    }

    [Fact]
    public void A_custom_operator_is_left_to_the_engine()
    {
        // Which operators there are is the engine's to say: the file itself is in order.
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        ModelInspection inspection = _preparer.Inspect(new MemoryModelArtifact(File.ReadAllBytes(Assets.PathOf("onnx/negative/custom_op_test.onnx"))), CancellationToken.None);

        Assert.Contains(inspection.Operators, static used => used.Name == "test.customop.CustomOpOne");
    }

    [Theory]
    [InlineData("pmml", "*.pmml", "pmml")]
    public void Other_kinds_of_models_are_named(string folder, string pattern, string format)
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        string[] files = [.. Directory.EnumerateFiles(Assets.PathOf(folder), pattern, SearchOption.AllDirectories)
            .Where(static file => !file.Contains("manifest", StringComparison.Ordinal) && !file.Contains("expected", StringComparison.Ordinal) && new FileInfo(file).Length > 0).Take(20)];
        Assert.SkipWhen(files.Length == 0, "no such file in the conformance data");
        string[] found = [.. files.Select(file => $"{_preparer.Inspect(StandaloneModel.Open(file), CancellationToken.None).Format}")];

        Assert.Contains(format, found);
    }

    private static IEnumerable<(string Name, ModelArtifact Artifact)> Files(string folder) =>
        Directory.EnumerateFiles(Assets.PathOf(folder), "*.onnx").Select(static file => (Path.GetFileName(file), (ModelArtifact)StandaloneModel.Open(file)));

    private static IEnumerable<(string Name, ModelArtifact Artifact)> Archive(string path)
    {
        using GZipStream unpacked = new(File.OpenRead(Assets.PathOf(path)), CompressionMode.Decompress);
        using TarReader tar = new(unpacked);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is not null && entry.Name.EndsWith(".onnx", StringComparison.Ordinal))
            {
                using MemoryStream bytes = new();
                entry.DataStream.CopyTo(bytes);
                yield return (entry.Name, new MemoryModelArtifact(bytes.ToArray()));
            }
        }
    }
}
