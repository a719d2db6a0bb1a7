using System.Globalization;
using Slipway.Core;
using Slipway.Formats.Boosters;

namespace Slipway.Formats.XGBoost;

/// <summary>
/// Reads the model out of the document that XGBoost has written since 1.0, as JSON or UBJSON. Trees behind the best iteration, which early stopping has found, are left
/// out, as the scikit-learn interface does when it predicts.
/// </summary>
internal static class XGBoostReader
{
    private const int MaxFeatures = 10_000_000;
    private const int MaxTargets = 100_000;

    /// <summary>Reads a model.</summary>
    /// <param name="stopsAtBest">Whether trees behind the best iteration are left out.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> or <see cref="ErrorCode.NotSupported"/>.</exception>
    public static XGBoostModel Read(ModelNode document, bool stopsAtBest)
    {
        ModelNode learner = document["learner"];
        ModelNode parameters = learner["learner_model_param"];
        ModelNode booster = learner["gradient_booster"];
        int features = (int)Math.Clamp(parameters["num_feature"].Number, -1, int.MaxValue);
        int targets = (int)Math.Clamp(Math.Max(Math.Max(parameters.NumberOr("num_class", 0), parameters.NumberOr("num_target", 1)), 1), 1, int.MaxValue);
        if (features is < 1 or > MaxFeatures || targets > MaxTargets)
        {
            throw parameters.Invalid($"says {features} features and {targets} classes or targets");
        }

        string objective = learner["objective"]["name"].Text;
        string kind = booster["name"].Text;
        string[] names = learner.TryGet("feature_names", out ModelNode list) ? [.. list.Items.Select(static item => item.Text)] : [];
        XGBoostModel model = new()
        {
            Version = document.TryGet("version", out ModelNode version) ? string.Join('.', version.Integers) : "",
            Objective = objective,
            FeatureCount = features,
            TargetCount = targets,
            BaseMargin = [.. ReadBaseScores(parameters["base_score"]).Select(score => XGBoostObjective.ToMargin(objective, score))],
            FeatureNames = names.Length == features ? names : [],
        };
        return kind switch
        {
            "gblinear" => model with { LinearWeights = booster["model"]["weights"].Numbers },
            "dart" when booster.TryGet("gbtree", out ModelNode inner) => model with { Trees = ReadTrees(inner["model"], booster["weight_drop"].Numbers, learner, targets, stopsAtBest) },
            "dart" or "gbtree" => model with { Trees = ReadTrees(booster["model"], DropsOf(booster["model"]), learner, targets, stopsAtBest) },
            _ => throw new SlipwayException(ErrorCode.NotSupported, $"the XGBoost booster '{kind}' is not known"),
        };
    }

    private static double[]? DropsOf(ModelNode model) => model.TryGet("weight_drop", out ModelNode drops) && drops.Numbers.Length > 0 ? drops.Numbers : null;

    private static List<XGBoostTree> ReadTrees(ModelNode model, double[]? weights, ModelNode learner, int targets, bool stopsAtBest)
    {
        IReadOnlyList<ModelNode> trees = model["trees"].Items;
        int[] target = model["tree_info"].Integers;
        if (target.Length != trees.Count || (weights is not null && weights.Length < trees.Count) || target.Any(index => index < 0 || index >= targets))
        {
            throw model.Invalid("has trees, tree_info and weights that don't fit together");
        }

        int inRound = trees.Count > 0 && LeafSize(trees[0]) > 1 ? 1 : targets;
        int used = stopsAtBest ? Math.Min(trees.Count, BestTrees(model, learner, inRound)) : trees.Count;
        List<XGBoostTree> read = new(used);
        for (int i = 0; i < used; i++)
        {
            read.Add(ReadTree(trees[i], targets) with { Target = target[i], Weight = weights is null ? 1 : weights[i] });
        }

        return read;
    }

    private static double LeafSize(ModelNode tree) => tree["tree_param"].NumberOr("size_leaf_vector", 0);

    // Trees of all rounds up to the best one; in each round there is one for each target, unless a tree has several.
    private static int BestTrees(ModelNode model, ModelNode learner, int inRound)
    {
        if (!learner.TryGet("attributes", out ModelNode attributes) || !attributes.TryGet("best_iteration", out ModelNode best))
        {
            return int.MaxValue;
        }

        int iterations = (int)Math.Clamp(best.Number, 0, int.MaxValue - 1) + 1;
        if (model.TryGet("iteration_indptr", out ModelNode starts) && starts.Integers is { Length: > 1 } ends)
        {
            return ends[Math.Min(iterations, ends.Length - 1)];
        }

        double parallel = Math.Max(model["gbtree_model_param"].NumberOr("num_parallel_tree", 1), 1);
        return (int)Math.Min(iterations * parallel * inRound, int.MaxValue);
    }

    private static XGBoostTree ReadTree(ModelNode tree, int targets)
    {
        double vector = LeafSize(tree);
        bool hasVectors = vector > 1;
        if (hasVectors && vector != targets)
        {
            throw tree.Invalid($"has leaves of {vector} values, the model has {targets} targets");
        }

        int[] left = tree["left_children"].Integers;
        XGBoostTree read = new()
        {
            Left = left,
            Right = tree["right_children"].Integers,
            Feature = tree["split_indices"].Integers,
            Value = [.. tree["split_conditions"].Numbers.Select(static value => (float)value)],
            DefaultLeft = [.. tree["default_left"].Numbers.Select(static flag => flag != 0)],
            Categories = ReadCategories(tree),
            Gains = tree.TryGet("loss_changes", out ModelNode gains) && gains.Numbers is var list && list.Length == left.Length ? [.. list.Select(static value => (float)value)] : null,
            LeafVectors = hasVectors ? ReadLeafVectors(tree, left, targets) : null,
        };
        return left.Length > 0 && read.Right.Length == left.Length && read.Feature.Length == left.Length
            && read.Value.Length == left.Length && read.DefaultLeft.Length == left.Length && (read.LeafVectors is null || read.LeafVectors.Length == (long)left.Length * targets)
            ? read
            : throw tree.Invalid("has lists of different length");
    }

    // Values of every node until 3.1; later of the leaves only, which keep their number among the leaves where others have their right child.
    private static float[] ReadLeafVectors(ModelNode tree, int[] left, int targets)
    {
        if (!tree.TryGet("leaf_weights", out ModelNode list))
        {
            return [.. tree["base_weights"].Numbers.Select(static value => (float)value)];
        }

        double[] weights = list.Numbers;
        int[] numbers = tree["right_children"].Integers;
        long leaves = left.LongCount(static child => child < 0);
        if (numbers.Length != left.Length || weights.Length != leaves * targets || left.Length > 2 * leaves)
        {
            throw tree.Invalid($"has {weights.Length} leaf weights for {leaves} leaves of {targets} targets");
        }

        float[] vectors = new float[left.Length * targets];
        for (int node = 0; node < left.Length; node++)
        {
            if (left[node] >= 0)
            {
                continue;
            }

            if (numbers[node] < 0 || numbers[node] >= leaves)
            {
                throw tree.Invalid("has a leaf without weights");
            }

            for (int target = 0; target < targets; target++)
            {
                vectors[(node * targets) + target] = (float)weights[(numbers[node] * targets) + target];
            }
        }

        return vectors;
    }

    private static Dictionary<int, IReadOnlyList<int>> ReadCategories(ModelNode tree)
    {
        Dictionary<int, IReadOnlyList<int>> sets = [];
        if (!tree.TryGet("split_type", out ModelNode types) || !types.Integers.Contains(1))
        {
            return sets;
        }

        int[] nodes = tree["categories_nodes"].Integers;
        int[] starts = tree["categories_segments"].Integers;
        int[] sizes = tree["categories_sizes"].Integers;
        int[] categories = tree["categories"].Integers;
        if (starts.Length != nodes.Length || sizes.Length != nodes.Length)
        {
            throw tree.Invalid("has lists of categories of different length");
        }

        for (int i = 0; i < nodes.Length; i++)
        {
            if (starts[i] < 0 || sizes[i] < 0 || starts[i] > categories.Length - sizes[i])
            {
                throw tree.Invalid("has a set of categories that is not there");
            }

            sets[nodes[i]] = categories[starts[i]..(starts[i] + sizes[i])];
        }

        return types.Integers.Index().All(type => type.Item != 1 || sets.ContainsKey(type.Index))
            ? sets
            : throw tree.Invalid("has a branch on categories without its set");
    }

    // "5E-1", or since 3.1 "[5E-1]" and "[1E0,2E0]" with one for each target.
    private static double[] ReadBaseScores(ModelNode node)
    {
        if (node.Value is not string text || !text.StartsWith('['))
        {
            return [node.Number];
        }

        string[] parts = text.Trim('[', ']').Split(',');
        double[] scores = new double[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            scores[i] = double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out double score) ? score : throw node.Invalid("is no number");
        }

        return scores;
    }
}
