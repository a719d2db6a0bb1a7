using Slipway.Formats.Onnx.Building;
using Slipway.Formats.Pickle;
using Slipway.Formats.Sklearn.Conversion;

namespace Slipway.Formats.Sklearn.Estimators;

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

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope) =>
        Steps(estimator).Aggregate(x, (features, step) => scope.Transform(step, features));

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        IReadOnlyList<Estimator> steps = Steps(estimator);
        foreach (Estimator step in steps.SkipLast(1))
        {
            x = scope.Transform(step, x);
        }

        return scope.Predict(steps[^1], x);
    }
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
                        ? FeatureTable.Of(scope.Graph.Mul(part.ToMatrix(scope), scope.Graph.Scalar(factor)))
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
