using System.Text;
using Slipway.Core;
using Slipway.Formats.XGBoost;

namespace Slipway.Formats.Tests.XGBoost;

public sealed class XGBoostReaderTests
{
    private const string Document = """
        {"version":[1,7,4],"learner":{"attributes":{},"feature_names":["a"],
         "learner_model_param":{"base_score":"7.5E-1","num_class":"0","num_feature":"1","num_target":"1"},
         "objective":{"name":"binary:logistic"},
         "gradient_booster":{"name":"gbtree","model":{"gbtree_model_param":{"num_parallel_tree":"1"},"tree_info":[0,0],"trees":[
          {"tree_param":{"size_leaf_vector":"0"},"left_children":[1,-1,-1],"right_children":[2,-1,-1],"split_indices":[0,0,0],"split_conditions":[2.0,-0.4,0.6],"default_left":[true,false,false]},
          {"tree_param":{"size_leaf_vector":"0"},"left_children":[-1],"right_children":[-1],"split_indices":[0],"split_conditions":[0.1],"default_left":[0]}]}}}}
        """;

    [Fact]
    public void A_model_is_read()
    {
        XGBoostModel model = Read(Document);

        Assert.Equal(("1.7.4", "binary:logistic", 1, 1), (model.Version, model.Objective, model.FeatureCount, model.TargetCount));
        Assert.Equal(Math.Log(3), Assert.Single(model.BaseMargin), 1e-12);
        Assert.Equal(["a"], model.FeatureNames);
        Assert.Equal([2f, -0.4f, 0.6f], model.Trees[0].Value);
        Assert.Equal([true, false, false], model.Trees[0].DefaultLeft);
        Assert.Equal(2, model.Trees.Count);
    }

    [Fact]
    public void Trees_behind_the_best_iteration_are_left_out() =>
        Assert.Single(Read(Document.Replace("\"attributes\":{}", "\"attributes\":{\"best_iteration\":\"0\"}", StringComparison.Ordinal)).Trees);

    [Fact]
    public void Numbers_that_JSON_does_not_have_are_read_and_text_that_looks_like_them_stays()
    {
        string text = Document.Replace("[2.0,-0.4,0.6]", "[NaN,-Infinity,Infinity]", StringComparison.Ordinal).Replace("\"a\"", "\"\\\"NaN\"", StringComparison.Ordinal);
        XGBoostModel model = Read(text);

        Assert.Equal([float.NaN, float.NegativeInfinity, float.PositiveInfinity], model.Trees[0].Value);
        Assert.Equal(["\"NaN"], model.FeatureNames);
    }

    [Theory]
    [InlineData("0E0", -13.8155)]
    [InlineData("[1E0]", 13.7451)]
    public void A_base_score_of_one_class_only_is_a_little_away_from_it(string score, double margin) =>
        Assert.Equal(margin, Assert.Single(Read(Document.Replace("7.5E-1", score, StringComparison.Ordinal)).BaseMargin), 1e-4);

    [Theory]
    [InlineData("\"tree_info\":[0,0]", "\"tree_info\":[0]", ErrorCode.InvalidModel)]
    [InlineData("\"tree_info\":[0,0]", "\"tree_info\":[0,1]", ErrorCode.InvalidModel)]
    [InlineData("\"7.5E-1\"", "\"1.5\"", ErrorCode.InvalidModel)]
    [InlineData("\"num_feature\":\"1\"", "\"num_feature\":\"99999999999\"", ErrorCode.InvalidModel)]
    [InlineData("\"split_indices\":[0]", "\"split_indices\":[]", ErrorCode.InvalidModel)]
    [InlineData("\"split_indices\":[0]", "\"split_indices\":[0.5]", ErrorCode.InvalidModel)]
    [InlineData("\"gbtree\"", "\"gbforest\"", ErrorCode.NotSupported)]
    [InlineData("binary:logistic", "binary:mine", ErrorCode.NotSupported)]
    [InlineData("\"size_leaf_vector\":\"0\"", "\"size_leaf_vector\":\"3\"", ErrorCode.InvalidModel)]
    public void What_does_not_fit_is_refused(string part, string instead, ErrorCode code)
    {
        string text = Document.Replace(part, instead, StringComparison.Ordinal);
        Assert.NotEqual(Document, text);
        Assert.Equal(code, Assert.Throws<SlipwayException>(() => Read(text)).Code);
    }

    private static XGBoostModel Read(string text) => XGBoostFormat.Read(Encoding.UTF8.GetBytes(text));
}
