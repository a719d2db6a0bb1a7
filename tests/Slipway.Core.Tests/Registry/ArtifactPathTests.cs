namespace Slipway.Core.Tests.Registry;

public sealed class ArtifactPathTests
{
    [Theory]
    [InlineData("model.onnx")]
    [InlineData("a/b/c.txt")]
    [InlineData("1/0123/artifacts/model/MLmodel")]
    [InlineData("a b/ü.bin")]
    [InlineData("100% sure")]
    [InlineData("..a/b..")]
    public void Relative_names_are_names(string path) => Assert.True(ArtifactPath.IsValid(path));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../b")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a/./b")]
    [InlineData("a\\b")]
    [InlineData("C:/windows")]
    [InlineData("file:a")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("%2e%2e/secret")]
    [InlineData("%252e%252e/secret")]
    [InlineData("a%2f..%2fb")]
    [InlineData("a%5cb")]
    public void Whatever_could_leave_the_folder_is_refused(string path) => Assert.False(ArtifactPath.IsValid(path));

    [Fact]
    public void Long_and_deep_names_are_refused()
    {
        Assert.True(ArtifactPath.IsValid(new string('a', ArtifactPath.MaxLength)));
        Assert.False(ArtifactPath.IsValid(new string('a', ArtifactPath.MaxLength + 1)));
        Assert.True(ArtifactPath.IsValid(string.Join('/', Enumerable.Repeat("a", ArtifactPath.MaxDepth))));
        Assert.False(ArtifactPath.IsValid(string.Join('/', Enumerable.Repeat("a", ArtifactPath.MaxDepth + 1))));
    }
}
