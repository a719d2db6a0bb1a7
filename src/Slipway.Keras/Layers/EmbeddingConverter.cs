using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;
using Slipway.Keras.Models;
using Slipway.Keras.Weights;

namespace Slipway.Keras.Layers;

/// <summary>Embedding: a row of a table for each integer; with mask_zero, zeros are steps that do not count.</summary>
internal sealed class EmbeddingConverter : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["Embedding"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        GraphBuilder graph = call.Graph;
        WeightArray?[] weights = call.Bind("embeddings", Quantization.IsOfBytes(call.Layer) ? "embeddings_scale" : null);
        WeightArray table = weights[0]!;
        if (table.Shape.Length != 2)
        {
            throw call.Layer.Invalid("its table is no matrix");
        }

        Edge x = call.Input.Edge;
        Edge indices = x.Type is OnnxDataType.Int32 or OnnxDataType.Int64 ? x : graph.Cast(x, OnnxDataType.Int32);
        Edge rows = call.Shared("embeddings", () => weights[1] is { } scale
            ? graph.Constant(QuantizedProduct.Rows(call.Layer, table, scale), table.Shape)
            : graph.Constant(table.Bytes, OnnxDataType.Float, new TensorShape(table.Shape)));
        Edge? mask = call.Config.Flag("mask_zero", false) ? graph.Not(graph.Equal(indices, graph.ScalarLike(0, indices))) : null;
        return call.Give(graph.Gather(rows, indices, 0), mask);
    }
}

/// <summary>Masking: steps whose values are all one number do not count, and become zero.</summary>
internal sealed class MaskingConverter : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["Masking"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        GraphBuilder graph = call.Graph;
        Edge x = call.Input.AsFloat().Edge;
        Edge differs = graph.Cast(graph.Not(graph.Equal(x, graph.Single(call.Config.Number("mask_value", 0)))), OnnxDataType.Float);
        Edge counts = graph.ReduceOver("ReduceMax", differs, [x.Rank - 1], true);
        Edge mask = graph.Cast(graph.Squeeze(counts, x.Rank - 1), OnnxDataType.Bool);
        return call.Give(graph.Mul(x, counts), mask);
    }
}
