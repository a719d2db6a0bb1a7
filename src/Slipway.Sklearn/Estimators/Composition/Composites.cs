using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Preprocessing;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Composition;

/// <summary>A chain of transformers and, usually, a predictor at its end.</summary>
internal sealed class PipelineConverter : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["Pipeline"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) =>
        Steps(estimator) is not [.., var last] || scope.CanTransform(last);

    public override bool CanPredict(Estimator estimator, ConversionScope scope) =>
        Steps(estimator) is [.., var last] && scope.CanPredict(last);

    /// <summary>The steps that do something, in order.</summary>
    public static IReadOnlyList<Estimator> Steps(Estimator pipeline)
    {
        List<Estimator> steps = [];
        object?[] items = pipeline.Objects("steps");
        for (int i = 0; i < items.Length; i++)
        {
            object?[] pair = Estimator.Items(items[i]) ?? [];
            if (pair is [_, PickleObject node])
            {
                steps.Add(new Estimator(node, $"{pipeline.Path}.steps[{i}]"));
            }
            else if (pair is not [_, null or "passthrough"])
            {
                throw pipeline.Missing("steps", "a list of names and estimators");
            }
        }

        return steps;
    }

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope) => Apply(Steps(estimator), x, scope, leaveOut: 0);

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        IReadOnlyList<Estimator> steps = Steps(estimator);
        return scope.Predict(steps[^1], Apply(steps, x, scope, leaveOut: 1));
    }

    private static FeatureTable Apply(IReadOnlyList<Estimator> steps, FeatureTable x, ConversionScope scope, int leaveOut)
    {
        for (int i = 0; i < steps.Count - leaveOut; i++)
        {
            FeatureTable before = x;
            x = scope.Transform(steps[i], before);
            if (i + 1 < steps.Count && steps[i].ClassName == "SimpleImputer" && steps[i + 1].ClassName is "OneHotEncoder" or "OrdinalEncoder" && x.Width == before.Width)
            {
                x = KeepNone(x, before, Encoders.Categories(steps[i + 1]), scope);
            }
        }

        return x;
    }

    // An imputer of NaN lets None pass: where the encoder behind it has met None, that is what a missing text was.
    private static FeatureTable KeepNone(FeatureTable filled, FeatureTable before, IReadOnlyList<object?[]> categories, ConversionScope scope) =>
        categories.Count != before.Width || !categories.Any(static known => known.Contains(null)) ? filled
            : FeatureTable.Of([.. categories.Select((known, i) => (known.Contains(null) && before.Column(scope, i).Type == OnnxDataType.String ? before : filled).Column(scope, i))], []).As(filled.Storage);
}

/// <summary>Searches over hyper-parameters: the best estimator answers.</summary>
internal sealed class SearchConverter : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["GridSearchCV", "RandomizedSearchCV", "HalvingGridSearchCV", "HalvingRandomSearchCV"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => scope.CanTransform(estimator.Child("best_estimator_"));

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => scope.CanPredict(estimator.Child("best_estimator_"));

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope) => scope.Transform(estimator.Child("best_estimator_"), x);

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope) => scope.Predict(estimator.Child("best_estimator_"), x);
}

/// <summary>Several transformers on the same features, their results side by side.</summary>
internal sealed class FeatureUnionConverter : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["FeatureUnion"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    /// <summary>The transformers of the union.</summary>
    public static IEnumerable<Estimator> Parts(Estimator union) =>
        union.Objects("transformer_list").Select((item, i) => union.AsChild(Estimator.Items(item) is [_, var part] ? part : null, $"transformer_list[{i}]")).OfType<Estimator>();

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        PickleDict? weights = estimator.Raw("transformer_weights") as PickleDict;
        List<FeatureTable> parts = [];
        object?[] items = estimator.Objects("transformer_list");
        for (int i = 0; i < items.Length; i++)
        {
            switch (Estimator.Items(items[i]))
            {
                case [string name, PickleObject node]:
                    FeatureTable part = scope.Transform(new Estimator(node, $"{estimator.Path}.transformer_list[{i}]"), x);
                    parts.Add(weights is not null && weights.TryGet(name, out object? weight) && PickleNumbers.TryToDouble(weight, out double factor)
                        ? FeatureTable.Of(scope.Graph.Mul(part.ToMatrix(scope), scope.Graph.Scalar(factor))).As(part.Storage)
                        : part);
                    break;
                case [_, "drop" or null]:
                    break;
                case [_, "passthrough"]:
                    parts.Add(x);
                    break;
                default:
                    throw estimator.Missing("transformer_list", "a list of names and transformers");
            }
        }

        return FeatureTable.Join(parts);
    }
}
