using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;

namespace Slipway.Sklearn.Estimators.Ensembles;

/// <summary>Stacking: a final estimator over the answers of others.</summary>
internal sealed class StackingConverter : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["StackingClassifier", "StackingRegressor"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope) => Answers(estimator, x, scope);

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        Prediction final = scope.Predict(estimator.Child("final_estimator_"), Answers(estimator, x, scope));
        return estimator.ClassName == "StackingRegressor" ? final : final with { Classes = ClassLabels.FromObjects(estimator.Objects("classes_")) };
    }

    private static FeatureTable Answers(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        IReadOnlyList<Estimator> members = estimator.Children("estimators_");
        object?[] methods = estimator.Objects("stack_method_");
        List<FeatureTable> answers = [];
        for (int i = 0; i < members.Count; i++)
        {
            Prediction answer = scope.Predict(members[i], x);
            answers.Add(FeatureTable.Of(Answer(scope.Graph, answer, methods[i] as string) ?? throw members[i].NotSupported($"the method '{methods[i]}'")));
        }

        if (estimator.Flag("passthrough"))
        {
            answers.Add(x);
        }

        return FeatureTable.Join(answers);
    }

    // Of two classes one probability says it all: the first column is left out.
    private static Edge? Answer(GraphBuilder graph, Prediction answer, string? method) => method switch
    {
        "predict_proba" => answer.Probabilities is { Width: 2 } two ? graph.Columns(two, [1]) : answer.Probabilities,
        "decision_function" => answer.Decision,
        "predict" => answer.Value ?? (answer.ClassIndex is { } index ? graph.Cast(graph.Reshape(index, -1, 1), OnnxDataType.Double) : null),
        _ => null,
    };
}
