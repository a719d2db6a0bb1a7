namespace Slipway.TestKit;

/// <summary>Small models in LightGBM's text form: what a converted model looks like before.</summary>
public static class LightGbmModels
{
    /// <summary>
    /// A binary classifier over the features <c>a</c> and <c>b</c>: the raw score is 0.35 where <c>a</c> is at most 0.5, else -0.05.
    /// </summary>
    public const string Binary = """
        tree
        version=v4
        num_class=1
        num_tree_per_iteration=1
        label_index=0
        max_feature_idx=1
        objective=binary sigmoid:1
        feature_names=a b
        feature_infos=[0:10] none

        Tree=0
        num_leaves=2
        num_cat=0
        split_feature=0
        threshold=0.5
        decision_type=2
        left_child=-1
        right_child=-2
        leaf_value=0.1 -0.3
        shrinkage=1

        Tree=1
        num_leaves=1
        num_cat=0
        leaf_value=0.25

        end of trees

        """;
}
