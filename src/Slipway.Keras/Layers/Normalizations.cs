using Slipway.Core;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;
using Slipway.Keras.Models;
using Slipway.Keras.Weights;

namespace Slipway.Keras.Layers;

/// <summary>BatchNormalization with the moving mean and variance that training left behind.</summary>
internal sealed class BatchNormalizationConverter : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["BatchNormalization", "BatchNormalizationV1", "BatchNormalizationV2", "SyncBatchNormalization"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        ConfigNode config = call.Config;
        WeightArray?[] weights = call.Bind(config.Flag("scale", true) ? "gamma" : null, config.Flag("center", true) ? "beta" : null, "moving_mean", "moving_variance");
        LayerTensor x = call.Input.AsFloat();
        long[] axes = config.Integers("axis") ?? [-1];
        long axis = axes.Length == 1 ? axes[0] : throw call.Layer.NotSupported("it normalises over several axes");
        axis = axis < 0 ? axis + x.Rank : axis;
        int count = weights[3]!.Count;
        if (axis < 1 || axis >= x.Rank || weights.Any(weight => weight is not null && weight.Count != count) || (x.Shape[(int)axis] >= 0 && x.Shape[(int)axis] != count))
        {
            throw call.Layer.Invalid($"its {count} means do not fit axis {axis} of an input {x.Shape}");
        }

        (float[] scale, float[] shift) = Factors(weights, config.Number("epsilon", 1e-3));
        int physical = !x.IsMoved ? (int)axis : axis == x.Rank - 1 ? 1 : (int)axis + 1;
        return [x.Map(edge => call.Graph.Add(call.Graph.Mul(edge, call.Graph.Along(scale, physical, edge.Rank)), call.Graph.Along(shift, physical, edge.Rank)))];
    }

    // γ (x − μ) / √(σ² + ε) + β is a factor and a summand for each channel, taken in double precision; the engine folds them into a convolution before.
    private static (float[] Scale, float[] Shift) Factors(WeightArray?[] weights, double epsilon)
    {
        int count = weights[3]!.Count;
        float[] scale = new float[count];
        float[] shift = new float[count];
        for (int i = 0; i < count; i++)
        {
            double factor = (weights[0] is { } gamma ? gamma.Values[i] : 1.0) / Math.Sqrt(weights[3]!.Values[i] + epsilon);
            scale[i] = (float)factor;
            shift[i] = (float)((weights[1] is { } beta ? beta.Values[i] : 0.0) - (weights[2]!.Values[i] * factor));
        }

        return (scale, shift);
    }
}

/// <summary>LayerNormalization and RMSNormalization: each sample over some axes, by its own mean and variance or by its mean square.</summary>
internal sealed class LayerNormalizationConverter : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["LayerNormalization", "RMSNormalization"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        GraphBuilder graph = call.Graph;
        ConfigNode config = call.Config;
        bool isRms = call.Layer.ClassName == "RMSNormalization";

        // An option of LayerNormalization keeps the mean in the values and takes it out of their variance all the same.
        bool keepsMean = !isRms && config.Flag("rms_scaling", false);
        WeightArray?[] weights = isRms ? call.Bind("scale", null) : keepsMean ? call.Bind("gamma", null) : call.Bind(config.Flag("scale", true) ? "gamma" : null, config.Flag("center", true) ? "beta" : null);
        LayerTensor input = call.Input.AsFloat();
        Edge x = input.Edge;
        long[] axes = [.. (config.Integers("axis") ?? [-1]).Select(axis => axis < 0 ? axis + x.Rank : axis).Order()];
        Edge centred = isRms ? x : graph.Sub(x, graph.ReduceOver("ReduceMean", x, axes, true));
        Edge variance = graph.ReduceOver("ReduceMean", graph.Mul(centred, centred), axes, true);
        Edge y = graph.Div(keepsMean ? x : centred, graph.Sqrt(graph.Add(variance, graph.Single(config.Number("epsilon", isRms ? 1e-6 : 1e-3)))));
        y = weights[0] is { } gamma ? graph.Mul(y, Spread(call, gamma, axes, x.Shape)) : y;
        y = weights[1] is { } beta ? graph.Add(y, Spread(call, beta, axes, x.Shape)) : y;
        return call.Give(y, input.Mask);
    }

    // Weights lie in the order of the dimensions, in whatever order the axes are named.
    private static Edge Spread(LayerCall call, WeightArray weight, long[] axes, TensorShape input)
    {
        if (weight.Shape.Length != axes.Length)
        {
            throw call.Layer.Invalid("its weights do not fit its axes");
        }

        long[] shape = [.. Enumerable.Repeat(1L, input.Rank)];
        for (int i = 0; i < axes.Length; i++)
        {
            shape[axes[i]] = input[(int)axes[i]] >= 0 ? input[(int)axes[i]] : weight.Shape[i];
        }

        return call.Graph.Constant(weight.Values, shape);
    }
}

/// <summary>GroupNormalization: channels in groups, each group of each sample by its own mean and variance.</summary>
internal sealed class GroupNormalizationConverter : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["GroupNormalization"];

    public override string Limits => "channels last, or next to the samples";

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        GraphBuilder graph = call.Graph;
        WeightArray?[] weights = call.Bind(call.Config.Flag("scale", true) ? "gamma" : null, call.Config.Flag("center", true) ? "beta" : null);
        LayerTensor input = call.Input.AsFloat();
        long axis = call.Config.Integer("axis", -1);
        axis = axis < 0 ? axis + input.Rank : axis;
        bool isLast = axis == input.Rank - 1;
        Edge x = isLast ? input.Moved : axis == 1 ? input.Edge : throw call.Layer.NotSupported("its channels are neither last nor next to the samples");
        long channels = x.Shape[1];
        long groups = call.Config.Integer("groups", 32);
        groups = groups == -1 ? channels : groups;
        if (channels <= 0 || groups <= 0 || channels % groups != 0)
        {
            throw call.Layer.Invalid($"{channels} channels can't be {groups} groups");
        }

        Edge grouped = graph.Reshape(x, 0, groups, -1);
        float[] ones = [.. Enumerable.Repeat(1f, (int)groups)];
        Edge normal = graph.Node(
            "InstanceNormalization", [grouped, graph.Constant(ones), graph.Constant(new float[groups])], x.Type, grouped.Shape, NodeAttribute.Of("epsilon", (float)call.Config.Number("epsilon", 1e-3)));
        Edge y = graph.Node("Reshape", [normal, graph.SizesOf(x)], x.Type, x.Shape);
        y = weights[0] is { } gamma ? graph.Mul(y, graph.Along(gamma.Values, 1, x.Rank)) : y;
        y = weights[1] is { } beta ? graph.Add(y, graph.Along(beta.Values, 1, x.Rank)) : y;
        return [isLast ? LayerTensor.OfMoved(graph, y, input.Mask) : LayerTensor.Of(graph, y, input.Mask)];
    }
}

/// <summary>UnitNormalization: x divided by its length along some axes.</summary>
internal sealed class UnitNormalizationConverter : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["UnitNormalization"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        GraphBuilder graph = call.Graph;
        LayerTensor x = call.Input.AsFloat();
        Edge squares = graph.ReduceOver("ReduceSum", graph.Mul(x.Edge, x.Edge), call.Config.Integers("axis") ?? [-1], true);
        return call.Give(graph.Div(x.Edge, graph.Sqrt(graph.Max(squares, graph.Single(1e-12)))), x.Mask);
    }
}

/// <summary>Normalization: (x − mean) / √variance with figures that adapting to data, or the user, left behind.</summary>
internal sealed class NormalizationConverter : LayerConverter
{
    // Keras' epsilon: a spread of zero does not divide.
    private const double LeastDeviation = 1e-7;

    public override IReadOnlyList<string> ClassNames => ["Normalization"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        GraphBuilder graph = call.Graph;
        LayerTensor x = call.Input.AsFloat();
        double[]? given = call.Config.Numbers("mean");
        double[] mean;
        double[] variance;
        if (given is not null)
        {
            mean = given;
            variance = call.Config.Numbers("variance") ?? throw call.Config.Missing("variance");
        }
        else
        {
            WeightArray?[] weights = call.Bind("mean", "variance", call.Weights.Count == 2 ? null : "count");
            mean = [.. weights[0]!.Values.ToArray().Select(static value => (double)value)];
            variance = [.. weights[1]!.Values.ToArray().Select(static value => (double)value)];
        }

        // An axis of null is no axis: one mean for everything.
        long[] axes = call.Config.Json.TryGetProperty("axis", out _) && !call.Config.Has("axis") ? [] : [.. (call.Config.Integers("axis") ?? [-1]).Select(axis => axis < 0 ? axis + x.Rank : axis).Order()];
        long[] shape = [.. Enumerable.Range(0, x.Rank).Select(i => axes.Contains(i) ? x.Shape[i] : 1)];
        if (mean.Length == 1)
        {
            shape = [.. Enumerable.Repeat(1L, x.Rank)];
        }

        bool invert = call.Config.Flag("invert", false);
        float[] deviations = [.. variance.Select(static value => (float)Math.Max(Math.Sqrt(value), LeastDeviation))];
        Edge centre = graph.Constant([.. mean.Select(static value => (float)value)], shape);
        Edge spread = graph.Constant(deviations, shape);
        Edge y = invert ? graph.Add(centre, graph.Mul(x.Edge, spread)) : graph.Div(graph.Sub(x.Edge, centre), spread);
        return call.Give(y, x.Mask);
    }
}
