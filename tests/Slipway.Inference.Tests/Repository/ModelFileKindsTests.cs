using System.Text;
using Slipway.Inference.Repository;
using Slipway.TestKit;

namespace Slipway.Inference.Tests.Repository;

public sealed class ModelFileKindsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("iris.onnx", "", true, "iris")]
    [InlineData("iris.PKL", "", true, "iris")]
    [InlineData("iris.joblib.gz", "", true, "iris")]
    [InlineData("iris.v2.pkl.bz2", "", true, "iris.v2")]
    [InlineData("iris.json", "a model", true, "iris")]
    [InlineData("iris.json", "{}", false, null)]
    [InlineData("labels.txt", "cat\ndog\n", false, null)]
    [InlineData("labels.txt", "", false, null)]
    [InlineData("rows.csv.gz", "a model", false, null)]
    [InlineData("README.md", "a model", false, null)]
    public void A_file_is_a_model_by_extension_or_where_that_means_many_things_by_content(string name, string content, bool isModel, string? model)
    {
        _folder.Write(name, content);
        ModelFileKinds kinds = new(new PollOptions { LooksLikeModel = static (_, _, head) => Encoding.UTF8.GetString(head.Span) == "a model" });
        Assert.Equal(isModel, kinds.IsModelFile(_folder.Root, name));
        if (model is not null)
        {
            Assert.Equal(model, kinds.ModelNameOf(name));
        }
    }

    [Fact]
    public void What_is_gone_or_a_link_is_not_looked_into()
    {
        ModelFileKinds kinds = new(new PollOptions { LooksLikeModel = static (_, _, _) => true });
        Assert.False(kinds.IsModelFile(_folder.Root, "gone.json"));
        File.CreateSymbolicLink(_folder.PathOf("link.json"), _folder.Write("elsewhere/real.json", "a model"));
        Assert.False(kinds.IsModelFile(_folder.Root, "link.json"));
    }
}
