using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Formats.Sklearn.Conversion;

namespace Slipway.Formats.Sklearn.Estimators;

/// <summary>Several binary classifiers for several classes: one against the rest.</summary>
internal sealed class OneVsRestConverter : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["OneVsRestClassifier"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Estimator binarizer = estimator.Child("label_binarizer_");
        if (binarizer.Text("y_type_") == "multilabel-indicator")
        {
            throw estimator.NotSupported("several labels for one row");
        }

        ClassLabels classes = ClassLabels.FromObjects(binarizer.Objects("classes_"));
        Prediction[] answers = [.. estimator.Children("estimators_").Select(member => Member(member, x, scope))];
        Edge? decision = Join(graph, [.. answers.Select(static answer => answer.Decision)]);
        Edge? probabilities = Join(graph, [.. answers.Select(answer => answer.Probabilities is { } p ? graph.Columns(p, [1]) : (Edge?)null)]);
        Edge best = decision ?? probabilities ?? throw estimator.NotSupported("members without a score");
        if (answers.Length == 1)
        {
            Edge positive = graph.Greater(best, graph.Scalar(decision is null ? 0.5 : 0));
            return new Prediction
            {
                Classes = classes,
                ClassIndex = graph.Reshape(graph.Cast(positive, OnnxDataType.Int64), -1),
                Decision = decision,
                Probabilities = probabilities is { } p ? EmitLinear.Complement(graph, p) : null,
            };
        }

        return new Prediction
        {
            Classes = classes,
            ClassIndex = graph.ArgMax(best),
            Decision = decision,
            Probabilities = probabilities is { } all ? EmitLinear.NormalizeRows(graph, all, 0) : null,
        };
    }

    // A class that is in every row, or in none, has a constant in place of a classifier.
    private static Prediction Member(Estimator member, FeatureTable x, ConversionScope scope)
    {
        if (member.ClassName != "_ConstantPredictor")
        {
            return scope.Predict(member, x);
        }

        GraphBuilder graph = scope.Graph;
        double constant = member.Vector("y_")[0];
        Edge zero = graph.Mul(graph.Columns(x.ToMatrix(scope), [0]), graph.Scalar(0));
        Edge column = graph.Add(zero, graph.Scalar(constant));
        return new Prediction { Decision = column, Probabilities = EmitLinear.Complement(graph, column) };
    }

    private static Edge? Join(GraphBuilder graph, IReadOnlyList<Edge?> columns) =>
        columns.All(static column => column is not null) ? graph.Concat([.. columns.Select(static column => column!.Value)], -1) : null;
}

/// <summary>One regressor for each of several targets.</summary>
internal sealed class MultiOutputConverter : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["MultiOutputRegressor"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope) => new()
    {
        Value = scope.Graph.Concat(
            [.. estimator.Children("estimators_").Select(member => scope.Predict(member, x).Value ?? throw member.NotSupported("regression with several targets"))], -1),
    };
}

/// <summary>A regressor trained on a transformed target.</summary>
internal sealed class TransformedTargetConverter : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["TransformedTargetRegressor"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Edge value = scope.Predict(estimator.Child("regressor_"), x).Value ?? throw estimator.NotSupported("this regressor");
        Estimator transformer = estimator.Child("transformer_");
        return new Prediction { Value = Inverse(graph, transformer, value) };
    }

    private static Edge Inverse(GraphBuilder graph, Estimator transformer, Edge value)
    {
        switch (transformer.ClassName)
        {
            case "StandardScaler":
                Edge scaled = transformer.Has("scale_") ? graph.Mul(value, EmitLinear.Row(graph, transformer.Vector("scale_"))) : value;
                return transformer.Has("mean_") ? graph.Add(scaled, EmitLinear.Row(graph, transformer.Vector("mean_"))) : scaled;
            case "MinMaxScaler":
                return graph.Div(graph.Sub(value, EmitLinear.Row(graph, transformer.Vector("min_"))), EmitLinear.Row(graph, transformer.Vector("scale_")));
            case "FunctionTransformer" when transformer.Raw("inverse_func") is Pickle.PickleGlobal { Name: var name }:
                return name switch
                {
                    "expm1" => graph.Sub(graph.Exp(value), graph.Scalar(1)),
                    "exp" => graph.Exp(value),
                    "log" => graph.Log(value),
                    "log1p" => graph.Log(graph.Add(value, graph.Scalar(1))),
                    "square" => graph.Mul(value, value),
                    "sqrt" => graph.Sqrt(value),
                    _ => throw transformer.NotSupported($"the inverse function {name}"),
                };
            case "FunctionTransformer" when !transformer.Has("inverse_func"):
                return value;
            default:
                throw transformer.NotSupported("inverting");
        }
    }
}

/// <summary>Predictors that look at no feature.</summary>
internal sealed class DummyConverter : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["DummyClassifier", "DummyRegressor"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Edge zero = graph.Mul(graph.Cast(graph.IsNaN(graph.Columns(x.ToMatrix(scope), [0])), OnnxDataType.Double), graph.Scalar(0));
        if (estimator.ClassName == "DummyRegressor")
        {
            return new Prediction { Value = graph.Add(zero, EmitLinear.Row(graph, estimator.Vector("constant_"))) };
        }

        ClassLabels classes = ClassLabels.FromObjects(estimator.Objects("classes_"));
        double[] prior = estimator.Vector("class_prior_");
        double[] row = estimator.Text("strategy") switch
        {
            "prior" => prior,
            "most_frequent" => [.. prior.Select((_, i) => i == Array.IndexOf(prior, prior.Max()) ? 1.0 : 0)],
            var strategy => throw estimator.NotSupported($"the strategy '{strategy}'"),
        };
        Edge probabilities = graph.Add(zero, EmitLinear.Row(graph, row));
        return new Prediction { Classes = classes, ClassIndex = graph.ArgMax(graph.Add(zero, EmitLinear.Row(graph, prior))), Probabilities = probabilities };
    }
}
