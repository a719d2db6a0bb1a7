using Slipway.Core;
using Slipway.Formats.Boosters;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;

namespace Slipway.Formats.LightGbm;

/// <summary>
/// Converts a LightGBM model to ONNX over one matrix <c>X [N, F]</c> of binary64, categories being given as their codes. Branches for which zero is missing look at a second
/// copy of their column, in which zero is NaN; categories are cut to whole numbers first, as LightGBM does.
/// </summary>
internal static class LightGbmConverter
{
    // LightGBM's kZeroThreshold, a binary32 constant.
    private const double Zero = 1e-35f;

    /// <summary>The ONNX model file.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> or <see cref="ErrorCode.NotSupported"/>.</exception>
    public static byte[] Convert(LightGbmModel model, string sourceDigest)
    {
        BoosterHead head = LightGbmObjective.Read(model.Objective);
        GraphBuilder graph = new();
        int features = model.FeatureNames.Count;
        Edge x = graph.Input("X", OnnxDataType.Double, -1, features);
        Edge sums = Sums(graph, x, model);
        TabularOutputs outputs = new(graph);
        head.Emit(graph, sums, OnnxDataType.Double, outputs);
        Dictionary<string, string> metadata = new(StringComparer.Ordinal)
        {
            ["source"] = "LightGBM",
            ["source_version"] = model.Version,
            ["source_digest"] = sourceDigest,
            ["objective"] = model.Objective,
            ["trees"] = model.Trees.Count.ToString(System.Globalization.CultureInfo.InvariantCulture),
            [ModelMetadataKeys.FeatureNames] = TabularOutputs.Names(model.FeatureNames),
        };
        outputs.WriteTo(metadata);
        return graph.BuildModel("LightGBM", metadata);
    }

    /// <summary>The raw scores, <c>[N, trees of an iteration]</c>, binary64.</summary>
    public static Edge Sums(GraphBuilder graph, Edge x, LightGbmModel model)
    {
        LightGbmColumns columns = LightGbmColumns.Of(model);
        TreeEnsemble ensemble = new(model.TreesPerIteration);
        for (int i = 0; i < model.Trees.Count; i++)
        {
            if (model.Trees[i].Linear is null)
            {
                new BoosterTree(LightGbmNodes.Of(model.Trees[i], columns)).AppendTo(ensemble, i % model.TreesPerIteration, 1);
            }
        }

        Edge prepared = Prepare(graph, x, columns);
        Edge sums = graph.Cast(ensemble.Emit(graph, prepared), OnnxDataType.Double);
        if (model.Trees.Any(static tree => tree.Linear is not null))
        {
            sums = graph.Add(sums, LightGbmLinearTrees.Emit(graph, x, prepared, model, columns));
        }

        if (model.IsAveraged && model.Trees.Count > 0)
        {
            sums = graph.Div(sums, graph.Scalar(model.Trees.Count / model.TreesPerIteration));
        }

        return sums;
    }

    private static Edge Prepare(GraphBuilder graph, Edge x, LightGbmColumns columns)
    {
        Edge prepared = x;
        if (columns.Categorical.Contains(true))
        {
            Edge negative = graph.Less(x, graph.Scalar(0));
            Edge whole = graph.Where(negative, graph.Neg(graph.Floor(graph.Neg(x))), graph.Floor(x));
            prepared = graph.Where(graph.Constant(columns.Categorical, 1, columns.Categorical.Length), whole, x);
        }

        if (columns.ZeroIsMissing.Length == 0)
        {
            return prepared;
        }

        Edge copied = graph.Columns(x, [.. columns.ZeroIsMissing.Select(static feature => (long)feature)]);
        Edge isZero = graph.LessOrEqual(graph.Abs(copied), graph.Scalar(Zero));
        return graph.Concat([prepared, graph.Where(isZero, graph.Scalar(double.NaN), copied)], -1);
    }
}
