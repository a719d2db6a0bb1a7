using Slipway.Core;
using Slipway.Formats.Boosters;

namespace Slipway.Formats.CatBoost;

/// <summary>Reads the JSON that CatBoost exports (<c>save_model(…, format='json')</c>): symmetric trees, whose splits are shared by a level, and others, whose nodes are nested.</summary>
internal static class CatBoostReader
{
    private const int MaxLevels = 16;
    private const int MaxNesting = 500;
    private const int MaxColumns = 1_000_000;
    private const long MaxNodes = 20_000_000;

    /// <summary>Reads a model.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>, or <see cref="ErrorCode.NotSupported"/> for features that are no numbers.</exception>
    public static CatBoostModel Read(ReadOnlySpan<byte> bytes)
    {
        ModelNode document = JsonDocumentReader.Read(bytes, "CatBoost", MaxNesting);
        List<CatBoostFeature> features = ReadFeatures(document["features_info"]);
        int budget = 0;
        List<CatBoostTree> trees = document.TryGet("oblivious_trees", out ModelNode symmetric)
            ? [.. symmetric.Items.Select(tree => ReadSymmetric(tree, features, ref budget))]
            : [.. document["trees"].Items.Select(tree => ReadNested(tree, features, ref budget))];
        int dimensions = trees.Count == 0 ? 1 : trees[0].Nodes.First(static node => node.Values is not null).Values!.Length;
        if (trees.Any(tree => tree.Nodes.Any(node => node.Values is { } values && values.Length != dimensions)))
        {
            throw document.Invalid("has trees of different dimensions");
        }

        (double scale, double[] bias) = ReadScale(document, dimensions);
        ModelNode info = document.TryGet("model_info", out ModelNode known) ? known : new ModelNode(new Dictionary<string, object?>(), "model_info", "CatBoost");
        if (info.TryGet("binclass_probability_threshold", out ModelNode threshold) && threshold.Number != 0.5)
        {
            throw new SlipwayException(ErrorCode.NotSupported, "the CatBoost model has a probability threshold of its own, which is not converted; set it to 0.5");
        }

        return new CatBoostModel
        {
            Loss = LossOf(info),
            Features = features,
            Dimensions = dimensions,
            Scale = scale,
            Bias = bias,
            Classes = ClassesOf(info),
            Trees = trees,
        };
    }

    private static List<CatBoostFeature> ReadFeatures(ModelNode info)
    {
        foreach (string kind in new[] { "categorical_features", "text_features", "embedding_features", "ctrs" })
        {
            if (info.TryGet(kind, out ModelNode others) && others.Value is List<object?> { Count: > 0 })
            {
                throw new SlipwayException(
                    ErrorCode.NotSupported, $"the CatBoost model has {kind.Replace('_', ' ')}, which are not converted: encode them as numbers before training, or export the model as PMML");
            }
        }

        List<CatBoostFeature> features = [];
        foreach (ModelNode feature in info["float_features"].Items)
        {
            double column = feature.NumberOr("flat_feature_index", feature["feature_index"].Number);
            string treatment = feature.TryGet("nan_value_treatment", out ModelNode nan) ? nan.Text : "AsIs";
            string name = feature.TryGet("feature_id", out ModelNode id) ? id.Value as string ?? "" : feature.TryGet("feature_name", out id) ? id.Value as string ?? "" : "";
            features.Add(column is >= 0 and < MaxColumns ? new CatBoostFeature(name, (int)column, treatment == "AsTrue") : throw feature.Invalid("has no column"));
        }

        return features.Count > 0 ? features : throw info.Invalid("has no features");
    }

    // The index of a leaf has a bit for each split, the first split's the lowest.
    private static CatBoostTree ReadSymmetric(ModelNode tree, List<CatBoostFeature> features, ref int budget)
    {
        IReadOnlyList<ModelNode> splits = tree.TryGet("splits", out ModelNode list) && list.Value is not null ? list.Items : [];
        double[] values = tree["leaf_values"].Numbers;
        int leaves = 1 << Math.Min(splits.Count, MaxLevels);
        if (splits.Count > MaxLevels || values.Length == 0 || values.Length % leaves != 0)
        {
            throw tree.Invalid($"has {splits.Count} splits and {values.Length} leaf values");
        }

        Spend(ref budget, 2 * leaves, tree);
        (int Feature, float Border)[] levels = [.. splits.Select(split => ReadSplit(split, features))];
        int dimensions = values.Length / leaves;
        List<CatBoostNode> nodes = new((2 * leaves) - 1);

        // Node i of a level asks the split of that level, the last split first, so that leaves come out in the order of their index.
        for (int level = 0; level < levels.Length; level++)
        {
            (int feature, float border) = levels[levels.Length - 1 - level];
            int first = (1 << level) - 1;
            for (int i = 0; i < 1 << level; i++)
            {
                int below = (2 * (first + i)) + 1;
                nodes.Add(new CatBoostNode(null, feature, border, below + 1, below));
            }
        }

        for (int leaf = 0; leaf < leaves; leaf++)
        {
            nodes.Add(new CatBoostNode(values[(leaf * dimensions)..((leaf + 1) * dimensions)], 0, 0, -1, -1));
        }

        return new CatBoostTree(nodes);
    }

    private static CatBoostTree ReadNested(ModelNode root, List<CatBoostFeature> features, ref int budget)
    {
        List<CatBoostNode> nodes = [];
        Queue<ModelNode> open = new([root]);
        while (open.TryDequeue(out ModelNode node))
        {
            Spend(ref budget, 1, node);
            if (!node.TryGet("split", out ModelNode split))
            {
                ModelNode value = node["value"];
                nodes.Add(new CatBoostNode(value.Value is double single ? [single] : value.Numbers, 0, 0, -1, -1));
                continue;
            }

            (int feature, float border) = ReadSplit(split, features);
            int below = nodes.Count + open.Count + 1;
            nodes.Add(new CatBoostNode(null, feature, border, below + 1, below));
            open.Enqueue(node["left"]);
            open.Enqueue(node["right"]);
        }

        return new CatBoostTree(nodes);
    }

    private static (int Feature, float Border) ReadSplit(ModelNode split, List<CatBoostFeature> features)
    {
        string kind = split.TryGet("split_type", out ModelNode type) ? type.Text : "FloatFeature";
        if (kind != "FloatFeature")
        {
            throw new SlipwayException(ErrorCode.NotSupported, $"the CatBoost model has splits of the kind {kind}, which are not converted: encode categories as numbers before training");
        }

        double feature = split["float_feature_index"].Number;
        return feature >= 0 && feature < features.Count && feature == Math.Floor(feature)
            ? ((int)feature, (float)split["border"].Number)
            : throw split.Invalid("asks for a feature that is not there");
    }

    // [scale, bias] in older files, [scale, [bias of each dimension]] in newer ones.
    private static (double Scale, double[] Bias) ReadScale(ModelNode document, int dimensions)
    {
        if (!document.TryGet("scale_and_bias", out ModelNode both))
        {
            return (1, new double[dimensions]);
        }

        IReadOnlyList<ModelNode> parts = both.Items;
        if (parts.Count != 2)
        {
            throw both.Invalid("is no pair");
        }

        double[] bias = parts[1].Value is double single ? [single] : parts[1].Numbers;
        return bias.Length switch
        {
            0 => (parts[0].Number, new double[dimensions]),
            1 => (parts[0].Number, [.. Enumerable.Repeat(bias[0], dimensions)]),
            _ when bias.Length == dimensions => (parts[0].Number, bias),
            _ => throw both.Invalid($"has {bias.Length} biases for {dimensions} dimensions"),
        };
    }

    private static string LossOf(ModelNode info) =>
        info.TryGet("params", out ModelNode parameters) && parameters.TryGet("loss_function", out ModelNode loss) && loss.TryGet("type", out ModelNode type) ? type.Text : "";

    private static List<object?> ClassesOf(ModelNode info)
    {
        foreach (string name in new[] { "class_params", "multiclass_params" })
        {
            if (info.TryGet(name, out ModelNode parameters) && parameters.TryGet("class_names", out ModelNode names) && Plain(names) is { Count: > 0 } classes)
            {
                return classes;
            }
        }

        return info.TryGet("params", out ModelNode all) && all.TryGet("data_processing_options", out ModelNode options) && options.TryGet("class_names", out ModelNode given) ? Plain(given) : [];
    }

    private static List<object?> Plain(ModelNode names) => names.Value switch
    {
        double[] numbers => [.. numbers.Select(static number => (object?)number)],
        List<object?> list => list,
        _ => [],
    };

    private static void Spend(ref int budget, int nodes, ModelNode tree)
    {
        budget += nodes;
        if (budget > MaxNodes)
        {
            throw tree.Invalid($"brings the model beyond {MaxNodes} nodes");
        }
    }
}
