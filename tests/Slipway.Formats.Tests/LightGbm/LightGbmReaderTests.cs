using System.Text;
using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.Formats.LightGbm;
using Slipway.TestKit;

namespace Slipway.Formats.Tests.LightGbm;

public sealed class LightGbmReaderTests
{
    private const string Model = LightGbmModels.Binary + "\nfeature_importances:\na=1\n";

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void A_model_is_read(string lineEnd)
    {
        LightGbmModel model = Read(Model.ReplaceLineEndings(lineEnd));

        Assert.Equal(("v4", "binary sigmoid:1", 1, false), (model.Version, model.Objective, model.TreesPerIteration, model.IsAveraged));
        Assert.Equal(["a", "b"], model.FeatureNames);
        Assert.Equal([0.1, -0.3], model.Trees[0].LeafValue);
        Assert.Equal([0.25], model.Trees[1].LeafValue);
    }

    [Theory]
    [InlineData("split_feature=0", "split_feature=2", ErrorCode.InvalidModel)]
    [InlineData("leaf_value=0.1 -0.3", "leaf_value=0.1", ErrorCode.InvalidModel)]
    [InlineData("threshold=0.5", "threshold=x", ErrorCode.InvalidModel)]
    [InlineData("left_child=-1", "", ErrorCode.InvalidModel)]
    [InlineData("num_leaves=2", "num_leaves=2000000000", ErrorCode.InvalidModel)]
    [InlineData("end of trees", "", ErrorCode.InvalidModel)]
    [InlineData("num_tree_per_iteration=1", "num_tree_per_iteration=3", ErrorCode.InvalidModel)]
    [InlineData("shrinkage=1", "is_linear=1", ErrorCode.InvalidModel)]
    public void What_does_not_fit_is_refused(string part, string instead, ErrorCode code)
    {
        string text = Model.Replace(part, instead, StringComparison.Ordinal);
        Assert.NotEqual(Model, text);
        Assert.Equal(code, Assert.Throws<SlipwayException>(() => Read(text)).Code);
    }

    [Theory]
    [InlineData("decision_type=2", "decision_type=1", "asks for a set of categories that is not there")]
    [InlineData("decision_type=2", "decision_type=14", "decision type 14")]
    [InlineData("left_child=-1", "left_child=7", "a child is no node of it")]
    [InlineData("left_child=-1", "left_child=0", "is reached twice")]
    [InlineData("objective=binary", "objective=mine", "'mine' is not known")]
    public void What_can_not_be_converted_is_refused(string part, string instead, string message)
    {
        LightGbmModel model = Read(Model.Replace(part, instead, StringComparison.Ordinal));
        Assert.Contains(message, Assert.Throws<SlipwayException>(() => LightGbmConverter.Convert(model, "digest")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2147483647")]
    [InlineData("4294967295")]
    [InlineData("-1")]
    public void A_set_of_categories_that_is_not_there_is_refused(string set)
    {
        string text = Model.Replace("num_cat=0\nsplit_feature", "num_cat=1\nsplit_feature", StringComparison.Ordinal)
            .Replace("threshold=0.5", $"threshold={set}", StringComparison.Ordinal)
            .Replace("decision_type=2", "decision_type=1\ncat_boundaries=0 1\ncat_threshold=5", StringComparison.Ordinal);
        SlipwayException refusal = Assert.Throws<SlipwayException>(() => LightGbmConverter.Convert(Read(text), "digest"));
        Assert.Equal(ErrorCode.InvalidModel, refusal.Code);
        Assert.Contains("a set of categories that is not there", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_recognised_by_its_content()
    {
        byte[] head = Encoding.UTF8.GetBytes(Model);
        Assert.True(new LightGbmFormat().Recognizes(new FormatSample("model.bst", head.Length, head, [])));
        Assert.False(new LightGbmFormat().Recognizes(new FormatSample("tree.txt", 5, "tree\n"u8.ToArray(), [])));
    }

    private static LightGbmModel Read(string text) => LightGbmReader.Read(Encoding.UTF8.GetBytes(text));
}
