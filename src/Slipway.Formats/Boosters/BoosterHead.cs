using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;

namespace Slipway.Formats.Boosters;

/// <summary>What a boosted model answers: the link of its objective, and whether it classifies. Classes are 0, 1, 2 …, as the libraries know them.</summary>
/// <param name="Link">From sums to answers.</param>
/// <param name="Classifies">Whether the answers are probabilities of classes (or, for <see cref="BoosterLink.Step"/>, a class).</param>
/// <param name="Factor">Factor on the sum inside <see cref="BoosterLink.Sigmoid"/>.</param>
internal sealed record BoosterHead(BoosterLink Link, bool Classifies, double Factor = 1)
{
    /// <summary>Emits the outputs.</summary>
    /// <param name="graph">Takes the nodes.</param>
    /// <param name="sums">Sums of the leaves, <c>[N, targets]</c>, binary64.</param>
    /// <param name="type">Type of the numbers that are answered.</param>
    /// <param name="outputs">Takes the outputs.</param>
    /// <param name="classes">Classes where the file names them; otherwise they are 0, 1, 2 ….</param>
    /// <param name="isMultilabel">Whether each sum is a label of its own.</param>
    public void Emit(GraphBuilder graph, Edge sums, OnnxDataType type, TabularOutputs outputs, ClassLabels? classes = null, bool isMultilabel = false)
    {
        Edge decision = graph.Cast(Flat(graph, sums), type);
        Edge answer = Apply(graph, sums);
        if (!Classifies)
        {
            outputs.Add("prediction", graph.Cast(Flat(graph, answer), type), isDefault: true);
        }
        else if (isMultilabel)
        {
            outputs.Add("label", graph.Cast(graph.Greater(answer, graph.Scalar(0.5)), OnnxDataType.Int64), isDefault: true);
            outputs.Add("probabilities", graph.Cast(answer, type), isDefault: true);
        }
        else if (Link == BoosterLink.Step)
        {
            outputs.Add("label", graph.Cast(Flat(graph, answer), OnnxDataType.Int64), isDefault: true);
        }
        else if (sums.Width == 1)
        {
            Edge probabilities = graph.Concat([graph.Sub(graph.Scalar(1), answer), answer], -1);
            Edge label = graph.Cast(graph.Greater(Flat(graph, answer), graph.Scalar(0.5)), OnnxDataType.Int64);
            Classify(graph, label, probabilities, type, outputs, classes);
        }
        else
        {
            Classify(graph, graph.ArgMax(answer), answer, type, outputs, classes);
        }

        outputs.Add("decision", decision, isDefault: false);
    }

    private static void Classify(GraphBuilder graph, Edge label, Edge probabilities, OnnxDataType type, TabularOutputs outputs, ClassLabels? classes)
    {
        ClassLabels known = classes ?? ClassLabels.Indices((int)probabilities.Width);
        outputs.Add("label", known.Emit(graph, label), isDefault: true);
        outputs.Add("probabilities", graph.Cast(probabilities, type), isDefault: true, known.Names);
    }

    /// <summary>The answers that sums stand for.</summary>
    public Edge Apply(GraphBuilder graph, Edge sums) => Link switch
    {
        BoosterLink.Sigmoid => graph.Sigmoid(Factor == 1 ? sums : graph.Mul(sums, graph.Scalar(Factor))),
        BoosterLink.Softmax => graph.Softmax(sums),
        BoosterLink.Exp => graph.Exp(sums),
        BoosterLink.SoftPlus => graph.Add(graph.Max(sums, graph.Scalar(0)), graph.Log(graph.Add(graph.Scalar(1), graph.Exp(graph.Neg(graph.Abs(sums)))))),
        BoosterLink.SignedSquare => graph.Mul(sums, graph.Abs(sums)),
        BoosterLink.Step => graph.Cast(graph.Greater(sums, graph.Scalar(0)), OnnxDataType.Double),
        BoosterLink.MeanAndVariance => graph.Concat([graph.Columns(sums, [0]), graph.Exp(graph.Mul(graph.Columns(sums, [1]), graph.Scalar(2)))], -1),
        _ => sums,
    };

    // One target is a number a row.
    private static Edge Flat(GraphBuilder graph, Edge matrix) => matrix.Width == 1 ? graph.Reshape(matrix, -1) : matrix;
}
