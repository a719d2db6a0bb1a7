using System.IO.Compression;
using System.Text;
using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.TestKit;

namespace Slipway.Formats.Tests.Recognition;

public sealed class RecognizedFormatTests
{
    private readonly ModelPreparer _preparer = new(ModelFormats.Default);

    [Theory]
    [InlineData("model.onnx", "version https://git-lfs.github.com/spec/v1\noid sha256:00", "git-lfs")]
    [InlineData("model.onnx", "GGUF\u0003\0\0\0", "gguf")]
    [InlineData("model.onnx", "<html><body>404</body></html>", "xml")]
    [InlineData("model.pmml", "<?xml version=\"1.0\"?>\n<PMML version=\"4.4\">", "pmml")]
    [InlineData("model.onnx", "hello\n", "text")]
    [InlineData("model.tflite", "\u0020\0\0\0TFL3", "tflite")]
    public void Files_are_told_apart_by_what_is_in_them(string name, string content, string format)
    {
        Assert.Equal(format, Format(name, Encoding.Latin1.GetBytes(content)));
    }

    [Theory]
    [InlineData("{\"learner\":{\"attributes\":{}}}", "xgboost")]
    [InlineData("{L\0\0\0\0\0\0\0\u0007learner{", "xgboost")]
    [InlineData("binf\0\0\0\u003f", "xgboost")]
    [InlineData("CBM1\u0001\0\0\0", "catboost")]
    [InlineData("tree\nversion=v4\n", "lightgbm")]
    public void Models_with_a_mark_are_known_whatever_the_file_is_called(string content, string format)
    {
        byte[] head = Encoding.Latin1.GetBytes(content);
        Assert.Equal(format, ModelFormats.Default.Find(new FormatSample("model.onnx", head.Length, head, []))?.Name);
    }

    [Fact]
    public void Binary_kinds_are_told_apart()
    {
        Assert.Equal("pytorch", Format("model.pt", Zip("archive/data.pkl")));
        Assert.Equal("zip", Format("model.zip", Zip("model.onnx")));
    }

    [Fact]
    public async Task A_kind_that_is_not_served_says_what_it_is_and_what_to_do()
    {
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(
            async () => await _preparer.PrepareAsync(new MemoryModelArtifact("GGUF...."u8.ToArray()), CancellationToken.None));

        Assert.Equal(ErrorCode.NotSupported, refused.Code);
        Assert.Equal("'model.onnx' is a GGUF language model, which is not served: it needs an engine for language models", refused.Message);
    }

    [Fact]
    public async Task Bytes_of_no_kind_are_refused()
    {
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(
            async () => await _preparer.PrepareAsync(new MemoryModelArtifact([0xFF, 0xFE, 0x00, 0x01]), CancellationToken.None));
        Assert.Equal(ErrorCode.InvalidModel, refused.Code);
    }

    private string Format(string name, byte[] content) =>
        _preparer.Inspect(new MemoryModelArtifact(name, (name, content)), CancellationToken.None).Format;

    private static byte[] Zip(string entry)
    {
        using MemoryStream bytes = new();
        using (ZipArchive archive = new(bytes, ZipArchiveMode.Create))
        {
            archive.CreateEntry(entry);
        }

        return bytes.ToArray();
    }
}
