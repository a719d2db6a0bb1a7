using System.Text;
using Slipway.Conformance.Tests.Sklearn;
using Slipway.Core;

namespace Slipway.Conformance.Tests.Boosters;

/// <summary>Kinds of trees that the conformance data lacks, small enough to be worked out by hand.</summary>
public sealed class RareTreesTests
{
    [Fact]
    public async Task A_linear_leaf_of_LightGBM_is_a_function_and_a_constant_where_a_feature_is_missing()
    {
        const string text = """
            tree
            version=v4
            num_class=1
            num_tree_per_iteration=1
            label_index=0
            max_feature_idx=1
            objective=regression
            feature_names=a b
            feature_infos=[0:10] [0:10]

            Tree=0
            num_leaves=2
            num_cat=0
            split_feature=0
            threshold=0.5
            decision_type=8
            left_child=-1
            right_child=-2
            leaf_value=7 9
            is_linear=1
            leaf_const=1 2
            num_features=1 2
            leaf_features=1 0 1
            leaf_coeff=10 100 1000

            Tree=1
            num_leaves=1
            num_cat=0
            leaf_value=0.5
            is_linear=0

            end of trees
            """;
        using BoosterModel model = await BoosterModel.LoadAsync("model.txt", Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n")));
        IReadOnlyDictionary<string, Tensor> outputs = model.Run([[0, 3], [1, 3], [0, double.NaN], [double.NaN, 3], [2, double.NaN]]);
        Assert.Equal([31.5, 3102.5, 7.5, 9.5, 9.5], SklearnCase.Numbers(outputs["prediction"]));
    }

    [Theory]
    [InlineData("""
        "left_children":[1,-1,-1],"right_children":[2,-1,-1],"base_weights":[0,0, 1,2, 3,4]
        """)]
    [InlineData("""
        "left_children":[1,-1,-1],"right_children":[2,1,0],"base_weights":[0,9,9],"leaf_weights":[3,4, 1,2]
        """)]
    public async Task A_tree_of_XGBoost_with_several_targets_adds_to_all_of_them(string lists)
    {
        string json = """
            {"version":[2,0,3],"learner":{"feature_names":[],"feature_types":[],"attributes":{"best_iteration":"0"},"learner_model_param":{"base_score":"5E-1","num_feature":"1","num_class":"0","num_target":"2","boost_from_average":"1"},
            "objective":{"name":"reg:squarederror"},"gradient_booster":{"name":"gbtree","model":{"gbtree_model_param":{"num_trees":"2","num_parallel_tree":"1"},"tree_info":[0,0],"trees":[TREE,TREE]}}}}
            """.Replace("TREE", $$"""
            {"id":0,"tree_param":{"num_nodes":"3","size_leaf_vector":"2","num_feature":"1","num_deleted":"0"},"parents":[2147483647,0,0],"split_indices":[0,0,0],"split_conditions":[2.0,NaN,NaN],"default_left":[1,0,0],{{lists}}}
            """, StringComparison.Ordinal);
        using BoosterModel model = await BoosterModel.LoadAsync("model.json", Encoding.UTF8.GetBytes(json));
        IReadOnlyDictionary<string, Tensor> outputs = model.Run([[1], [2], [double.NaN]]);
        Assert.Equal([1.5, 2.5, 3.5, 4.5, 1.5, 2.5], SklearnCase.Numbers(outputs["prediction"]));
    }
}
