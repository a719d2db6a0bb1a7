using System.Text;
using Slipway.Conformance.Tests.Sklearn;
using Slipway.Core;

namespace Slipway.Conformance.Tests.Boosters;

/// <summary>CatBoost's JSON by hand: the leaf of a symmetric tree has a bit for each split, the first split's the lowest; a split holds above its border.</summary>
public sealed class CatBoostTests
{
    private const string Head = """
        {"features_info":{"float_features":[{"feature_index":0,"flat_feature_index":0,"borders":[0.5],"nan_value_treatment":"AsTrue","has_nans":true},
        {"feature_index":1,"flat_feature_index":1,"borders":[1.5],"nan_value_treatment":"AsIs","has_nans":false}]},
        """;

    private const string Trees = """
        "oblivious_trees":[{"splits":[{"border":0.5,"float_feature_index":0,"split_index":0,"split_type":"FloatFeature"},{"border":1.5,"float_feature_index":1,"split_index":1,"split_type":"FloatFeature"}],
        "leaf_values":[1,2,3,4],"leaf_weights":[1,1,1,1]},{"splits":[{"border":1.5,"float_feature_index":1,"split_type":"FloatFeature"}],"leaf_values":[10,20]}],"scale_and_bias":[2,[0.25]]
        """;

    private static readonly double[][] Rows = [[0, 0], [1, 0], [0, 2], [1, 2], [0.5, 1.5], [double.NaN, double.NaN]];

    [Fact]
    public async Task A_regression_scales_the_sum_of_its_leaves()
    {
        IReadOnlyDictionary<string, Tensor> outputs = await AnswerAsync(Head + """ "model_info":{"params":{"loss_function":{"type":"RMSE"}}}, """ + Trees + "}");
        Assert.Equal([22.25, 24.25, 46.25, 48.25, 22.25, 24.25], SklearnCase.Numbers(outputs["prediction"]));
    }

    [Fact]
    public async Task A_binary_classifier_answers_with_the_names_of_its_classes()
    {
        const string info = """ "model_info":{"class_params":{"class_names":["no","yes"]},"params":{"loss_function":{"type":"Logloss"}}}, """;
        IReadOnlyDictionary<string, Tensor> outputs = await AnswerAsync(Head + info + Trees.Replace("[2,[0.25]]", "[0.5,[-6.2]]", StringComparison.Ordinal) + "}");
        double[] expected = [.. new[] { -0.7, -0.2, 5.3, 5.8, -0.7, -0.2 }.SelectMany(static sum => new[] { 1 / (1 + Math.Exp(sum)), 1 / (1 + Math.Exp(-sum)) })];
        double[] given = SklearnCase.Numbers(outputs["probabilities"]);
        Assert.All(expected.Zip(given), static pair => Assert.Equal(pair.First, pair.Second, 1e-7));
        Assert.Equal(["no", "no", "yes", "yes", "no", "no"], SklearnCase.Texts(outputs["label"]));
    }

    [Fact]
    public async Task Several_classes_have_a_value_each_in_every_leaf()
    {
        const string model = """
            "model_info":{"params":{"loss_function":{"type":"MultiClass"}}},"oblivious_trees":[{"splits":[{"border":0.5,"float_feature_index":0,"split_type":"FloatFeature"}],
            "leaf_values":[1,0,0, 0,0,2]}],"scale_and_bias":[1,[0,0,0]]}
            """;
        IReadOnlyDictionary<string, Tensor> outputs = await AnswerAsync(Head + model);
        Assert.Equal(["0", "2", "0", "2", "0", "2"], SklearnCase.Texts(outputs["label"]));
        Assert.Equal(Math.E / (Math.E + 2), SklearnCase.Numbers(outputs["probabilities"])[0], 1e-7);
    }

    [Fact]
    public async Task Nested_trees_go_right_above_the_border()
    {
        const string model = """
            "trees":[{"split":{"border":0.5,"float_feature_index":0,"split_type":"FloatFeature"},"left":{"value":1,"weight":3},
            "right":{"split":{"border":1.5,"float_feature_index":1,"split_type":"FloatFeature"},"left":{"value":2},"right":{"value":3}}}],"scale_and_bias":[1,0]}
            """;
        IReadOnlyDictionary<string, Tensor> outputs = await AnswerAsync(Head + model);
        Assert.Equal([1.0, 2, 1, 3, 1, 2], SklearnCase.Numbers(outputs["prediction"]));
    }

    [Fact]
    public async Task A_split_names_its_feature_by_index_even_where_others_were_left_out()
    {
        const string model = """
            {"features_info":{"float_features":[{"feature_index":1,"flat_feature_index":1,"borders":[1.5],"nan_value_treatment":"AsIs"}]},
            "oblivious_trees":[{"splits":[{"border":1.5,"float_feature_index":1,"split_type":"FloatFeature"}],"leaf_values":[1,2]}]}
            """;
        IReadOnlyDictionary<string, Tensor> outputs = await AnswerAsync(model);
        Assert.Equal([1.0, 1, 2, 2, 1, 1], SklearnCase.Numbers(outputs["prediction"]));
    }

    [Fact]
    public async Task Categories_whose_text_is_known_are_compared_as_text()
    {
        const string json = """
            {"features_info":{"float_features":[{"feature_index":0,"flat_feature_index":0,"borders":[0.5],"nan_value_treatment":"AsIs","feature_id":"size"}],
            "categorical_features":[{"feature_index":0,"flat_feature_index":1,"feature_id":"colour","values":[-17],"string_values":["red"]}],"cat_features_hash":[{"hash":42,"value":"blue"}]},
            "oblivious_trees":[{"splits":[{"border":0.5,"float_feature_index":0,"split_type":"FloatFeature"},{"cat_feature_index":0,"value":42,"split_type":"OneHotFeature"}],"leaf_values":[0,1,2,3]},
            {"splits":[{"cat_feature_index":0,"value":-17,"split_type":"OneHotFeature"}],"leaf_values":[0,10]}]}
            """;
        using BoosterModel model = await BoosterModel.LoadAsync("model.json", Encoding.UTF8.GetBytes(json));
        double[] answers = SklearnCase.Numbers(model.RunColumns(["size", "colour"], [[0.0, "red"], [1.0, "red"], [0.0, "green"], [1.0, ""], [0.0, "blue"]])["prediction"]);
        Assert.Equal([10.0, 11, 0, 1, 2], answers);
    }

    [Theory]
    [InlineData(""" {"features_info":{"float_features":[],"categorical_features":[{"feature_index":0}]},"oblivious_trees":[]} """, ErrorCode.NotSupported, "ask for no feature")]
    [InlineData(""" {"features_info":{"float_features":[],"categorical_features":[{"feature_index":0}],"ctrs":[{}]},"oblivious_trees":[]} """, ErrorCode.NotSupported, "statistics of categories")]
    [InlineData(""" {"features_info":{"categorical_features":[{"feature_index":0}]},"oblivious_trees":[{"splits":[{"split_type":"OneHotFeature","cat_feature_index":0,"value":5}],"leaf_values":[1,2]}]} """, ErrorCode.NotSupported, "categories whose text")]
    [InlineData(""" {"features_info":{"float_features":[{"feature_index":0}]},"oblivious_trees":[{"splits":[{"split_type":"OnlineCtr"}],"leaf_values":[1,2]}]} """, ErrorCode.NotSupported, "OnlineCtr")]
    [InlineData(""" {"features_info":{"float_features":[{"feature_index":0}]},"oblivious_trees":[{"splits":[],"leaf_values":[]}]} """, ErrorCode.InvalidModel, "leaf values")]
    [InlineData(""" {"features_info":{"float_features":[{"feature_index":0}]},"oblivious_trees":[{"splits":[{"border":1,"float_feature_index":7}],"leaf_values":[1,2]}]} """, ErrorCode.InvalidModel, "not there")]
    [InlineData(""" {"features_info":{"float_features":[{"feature_index":0}]},"oblivious_trees":[{"splits":[{"border":1,"float_feature_index":0}],"leaf_values":[1,2]}],"model_info":{"params":{"loss_function":{"type":"Mine"}}}} """, ErrorCode.NotSupported, "'Mine'")]
    public async Task What_is_not_converted_is_refused_by_name(string json, ErrorCode code, string reason)
    {
        SlipwayException error = await Assert.ThrowsAsync<SlipwayException>(() => BoosterModel.LoadAsync("model.json", Encoding.UTF8.GetBytes(json)));
        Assert.Equal(code, error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyDictionary<string, Tensor>> AnswerAsync(string json)
    {
        using BoosterModel model = await BoosterModel.LoadAsync("model.json", Encoding.UTF8.GetBytes(json));
        return model.Run(Rows);
    }
}
