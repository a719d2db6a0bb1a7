using System.Text;
using Slipway.Formats.Abstractions;

namespace Slipway.Sklearn.Tests;

public sealed class SklearnFormatTests
{
    [Theory]
    [InlineData("\u00fd7zXZ\0")]
    [InlineData("BZh91AY&SY")]
    [InlineData("\u0004\"M\u0018")]
    public void Compressed_files_are_known_whatever_they_are_called(string content)
    {
        byte[] head = Encoding.Latin1.GetBytes(content);
        Assert.True(new SklearnFormat().Recognizes(new FormatSample("model.onnx", head.Length, head, [])));
    }
}
