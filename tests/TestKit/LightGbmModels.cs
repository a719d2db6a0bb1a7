using System.Globalization;

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

    /// <summary>Writes a classifier of balanced trees over 30 features with thresholds from a fixed seed: the same text for the same numbers.</summary>
    /// <param name="text">Where it goes.</param>
    /// <param name="trees">Trees.</param>
    /// <param name="leaves">Leaves of each.</param>
    public static void WriteForest(TextWriter text, int trees, int leaves)
    {
        Random random = new(42);
        text.Write("tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\nmax_feature_idx=29\nobjective=binary sigmoid:1\n\n");
        int branches = leaves - 1;
        for (int tree = 0; tree < trees; tree++)
        {
            text.Write(string.Create(CultureInfo.InvariantCulture, $"Tree={tree}\nnum_leaves={leaves}\nnum_cat=0\n"));
            Line("split_feature", branches, _ => random.Next(30).ToString(CultureInfo.InvariantCulture));
            Line("threshold", branches, _ => random.NextDouble().ToString("R", CultureInfo.InvariantCulture));
            Line("decision_type", branches, static _ => "2");
            Line("left_child", branches, i => Child((2 * i) + 1));
            Line("right_child", branches, i => Child((2 * i) + 2));
            Line("leaf_value", leaves, _ => (random.NextDouble() - 0.5).ToString("R", CultureInfo.InvariantCulture));
            text.Write("shrinkage=1\n\n");
        }

        text.Write("end of trees\n");

        string Child(int node) => (node < branches ? node : ~(node - branches)).ToString(CultureInfo.InvariantCulture);

        void Line(string name, int count, Func<int, string> value) => text.Write($"{name}={string.Join(' ', Enumerable.Range(0, count).Select(value))}\n");
    }
}
