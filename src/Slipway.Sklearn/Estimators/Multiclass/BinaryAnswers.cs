using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.Multiclass;

/// <summary>Answers of the binary members that classifiers of several classes are made of.</summary>
internal static class BinaryAnswers
{
    /// <summary>The prediction of a member. A class that is in every row, or in none, has a constant in place of a classifier.</summary>
    public static Prediction Of(Estimator member, FeatureTable x, ConversionScope scope)
    {
        if (member.ClassName != "_ConstantPredictor")
        {
            return scope.Predict(member, x);
        }

        GraphBuilder graph = scope.Graph;
        double constant = member.Vector("y_")[0];
        Edge column = graph.Add(graph.Mul(graph.Columns(x.ToMatrix(scope), [0]), graph.Scalar(0)), graph.Scalar(constant));
        return new Prediction { Decision = column, Probabilities = EmitLinear.Complement(graph, column), ClassIndex = graph.ArgMax(EmitLinear.Complement(graph, column)) };
    }

    /// <summary>One column that says how much a member is for the positive class: its decision, else its probability, else what it regresses.</summary>
    public static Edge Score(Estimator member, Prediction answer, GraphBuilder graph) =>
        answer.Decision ?? (answer.Probabilities is { } p ? graph.Columns(p, [1]) : answer.Value ?? throw member.NotSupported("scoring two classes"));
}
