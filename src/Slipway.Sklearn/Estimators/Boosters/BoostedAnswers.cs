using Slipway.Formats.Boosters;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.Boosters;

/// <summary>What a boosted model of another library answers, as part of a scikit-learn model.</summary>
internal static class BoostedAnswers
{
    /// <summary>The answers for sums.</summary>
    /// <param name="classes">Classes of the wrapper; 0, 1, 2 … where it has none.</param>
    public static Prediction Of(BoosterHead head, GraphBuilder graph, Edge sums, ClassLabels? classes, bool isMultilabel)
    {
        Edge answer = head.Apply(graph, sums);
        if (!head.Classifies)
        {
            return new Prediction { Value = answer };
        }

        if (isMultilabel)
        {
            return new Prediction { Labels = graph.Cast(graph.Greater(answer, graph.Scalar(0.5)), OnnxDataType.Int64), Probabilities = answer };
        }

        Edge probabilities = answer.Width == 1 ? EmitLinear.Complement(graph, answer) : answer;
        return new Prediction
        {
            Classes = classes is not null && classes.Count == probabilities.Width ? classes : ClassLabels.Indices((int)probabilities.Width),
            ClassIndex = answer.Width == 1
                ? graph.Reshape(graph.Cast(graph.Greater(answer, graph.Scalar(0.5)), OnnxDataType.Int64), -1)
                : graph.ArgMax(answer),
            Probabilities = head.Link == BoosterLink.Step ? null : probabilities,
        };
    }
}
