using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;
using Slipway.Sklearn.Estimators.Preprocessing;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Composition;

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
            case "Pipeline":
                return PipelineConverter.Steps(transformer).Reverse().Aggregate(value, (inner, step) => Inverse(graph, step, inner));
            case "StandardScaler":
            case "RobustScaler":
                string centre = transformer.ClassName == "StandardScaler" ? "mean_" : "center_";
                bool centres = transformer.Flag(centre == "mean_" ? "with_mean" : "with_centering", true) && transformer.Has(centre);
                Edge scaled = transformer.Has("scale_") ? graph.Mul(value, EmitLinear.Row(graph, transformer.Vector("scale_"))) : value;
                return centres ? graph.Add(scaled, EmitLinear.Row(graph, transformer.Vector(centre))) : scaled;
            case "MinMaxScaler":
                return graph.Div(graph.Sub(value, EmitLinear.Row(graph, transformer.Vector("min_"))), EmitLinear.Row(graph, transformer.Vector("scale_")));
            case "MaxAbsScaler":
                return graph.Mul(value, EmitLinear.Row(graph, transformer.Vector("scale_")));
            case "PowerTransformer":
                return PowerInverse.Emit(transformer, graph, transformer.Flag("standardize", true) && transformer.Has("_scaler") ? Inverse(graph, transformer.Child("_scaler"), value) : value);
            case "QuantileTransformer":
                return QuantileTransformers.Inverse(transformer, graph, value);
            case "FunctionTransformer" when transformer.Has("inverse_func"):
                return NumpyFunctions.Emit(transformer, transformer.Raw("inverse_func"), graph, value, transformer.Raw("inv_kw_args") as PickleDict);
            case "FunctionTransformer":
                return value;
            default:
                throw transformer.NotSupported("inverting");
        }
    }
}
