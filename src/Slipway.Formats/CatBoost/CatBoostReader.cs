using Slipway.Core;
using Slipway.Formats.Boosters;

namespace Slipway.Formats.CatBoost;

/// <summary>Reads the JSON that CatBoost exports (<c>save_model(…, format='json')</c>): symmetric trees, whose splits are shared by a level, and others, whose nodes are nested.</summary>
internal sealed class CatBoostReader
{
    private const int MaxNesting = 500;
    private const int MaxNodes = 20_000_000;

    private readonly CatBoostFeatures _features;
    private int _nodes;

    private CatBoostReader(CatBoostFeatures features)
    {
        _features = features;
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>, or <see cref="ErrorCode.NotSupported"/> for features that are not converted.</exception>
    public static CatBoostModel Read(ReadOnlySpan<byte> bytes)
    {
        ModelNode document = JsonDocumentReader.Read(bytes, "CatBoost", MaxNesting);
        CatBoostReader reader = new(CatBoostFeatures.Read(document["features_info"]));
        int dimensions = 0;
        List<CatBoostTree> trees = document.TryGet("oblivious_trees", out ModelNode symmetric)
            ? [.. symmetric.Items.Select(tree => reader.ReadSymmetric(tree, ref dimensions))]
            : [.. document["trees"].Items.Select(tree => reader.ReadNested(tree, ref dimensions))];
        dimensions = Math.Max(dimensions, 1);
        (double scale, double[] bias) = ReadScale(document, dimensions);
        CatBoostInfo info = CatBoostInfo.Read(document.TryGet("model_info", out ModelNode known) ? known : new ModelNode(new Dictionary<string, object?>(), "model_info", "CatBoost"), dimensions);
        return new CatBoostModel
        {
            Loss = info.Loss,
            Features = reader._features.All,
            IsMixed = reader._features.IsMixed,
            Dimensions = dimensions,
            Scale = scale,
            Bias = bias,
            Classes = info.Classes,
            Trees = trees,
        };
    }

    private CatBoostTree ReadSymmetric(ModelNode tree, ref int dimensions)
    {
        IReadOnlyList<ModelNode> splits = tree.TryGet("splits", out ModelNode list) && list.Value is not null ? list.Items : [];
        double[] values = tree["leaf_values"].Numbers;
        int leaves = 1 << Math.Min(splits.Count, CatBoostTree.MaxLevels);
        if (splits.Count > CatBoostTree.MaxLevels || values.Length == 0 || values.Length % leaves != 0)
        {
            throw tree.Invalid($"has {splits.Count} splits and {values.Length} leaf values");
        }

        Spend(2 * leaves, tree);
        Agree(values.Length / leaves, ref dimensions, tree);
        return new CatBoostTree(splits.Select(_features.Split).ToArray(), values);
    }

    private CatBoostTree ReadNested(ModelNode root, ref int dimensions)
    {
        List<CatBoostNode> nodes = [];
        List<double> values = [];
        Queue<ModelNode> open = new([root]);
        int leaves = 0;
        while (open.TryDequeue(out ModelNode node))
        {
            Spend(1, node);
            if (!node.TryGet("split", out ModelNode split))
            {
                ModelNode value = node["value"];
                double[] own = value.Value is double single ? [single] : value.Numbers;
                Agree(own.Length, ref dimensions, node);
                nodes.Add(CatBoostNode.OfLeaf(leaves++));
                values.AddRange(own);
                continue;
            }

            int below = nodes.Count + open.Count + 1;
            nodes.Add(CatBoostNode.Branch(_features.Split(split), below + 1, below));
            open.Enqueue(node["left"]);
            open.Enqueue(node["right"]);
        }

        return new CatBoostTree(nodes, values.ToArray());
    }

    // Every leaf has as many values.
    private static void Agree(int count, ref int dimensions, ModelNode node)
    {
        if (count == 0 || (dimensions > 0 && count != dimensions))
        {
            throw node.Invalid($"has leaves of {count} values, others have {dimensions}");
        }

        dimensions = count;
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

    private void Spend(int nodes, ModelNode tree)
    {
        _nodes += nodes;
        if (_nodes > MaxNodes)
        {
            throw tree.Invalid($"brings the model beyond {MaxNodes} nodes");
        }
    }
}
