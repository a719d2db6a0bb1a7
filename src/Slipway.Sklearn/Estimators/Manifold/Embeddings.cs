using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Ensembles;
using Slipway.Sklearn.Estimators.Numerics;
using Slipway.Sklearn.Estimators.Preprocessing;

namespace Slipway.Sklearn.Estimators.Manifold;

/// <summary>Learned representations: the leaf of each of some random trees (RandomTreesEmbedding), hidden units of a Boltzmann machine, learned linear metrics.</summary>
internal sealed class Embeddings : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["RandomTreesEmbedding", "BernoulliRBM", "NeighborhoodComponentsAnalysis"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Edge matrix = x.ToMatrix(scope);
        return FeatureTable.Of(estimator.ClassName switch
        {
            "RandomTreesEmbedding" => Leaves(estimator, graph, matrix),
            "BernoulliRBM" => EmitLinear.Sigmoid(graph, EmitLinear.Affine(graph, matrix, estimator.Matrix("components_"), estimator.Vector("intercept_hidden_"))),
            _ => EmitLinear.Affine(graph, matrix, estimator.Matrix("components_"), []),
        });
    }

    // Each tree is a target whose leaves weigh their own number, exact in binary32 up to 16 million.
    private static Edge Leaves(Estimator estimator, GraphBuilder graph, Edge x)
    {
        IReadOnlyList<Estimator> trees = estimator.Children("estimators_");
        IReadOnlyList<object?[]> leaves = Encoders.Categories(estimator.Child("one_hot_encoder_"));
        TreeEnsemble ensemble = new(trees.Count);
        foreach ((int target, Estimator tree) in trees.Index())
        {
            TreeReading.Of(tree).AppendTo(ensemble, null, (node, _) => ensemble.AddLeaf(target, node));
        }

        Edge reached = graph.Cast(ensemble.Emit(graph, TreeModels.AsFloat32(graph, x)), OnnxDataType.Double);
        return graph.Concat([.. leaves.Select((known, tree) => graph.Cast(Encoders.Matches(graph, graph.Columns(reached, [tree]), known), OnnxDataType.Double))], -1);
    }
}
