using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;
using Slipway.Keras.Models;
using Slipway.Keras.Weights;

namespace Slipway.Keras.Layers.Recurrent;

/// <summary>SimpleRNN, LSTM and GRU, and RNN over their cells and stacks of them.</summary>
internal sealed class RecurrentLayers : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["SimpleRNN", "LSTM", "GRU", "RNN"];

    public override string Limits => "not stateful; RNN over SimpleRNNCell, LSTMCell, GRUCell and StackedRNNCells";

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        (IReadOnlyList<LayerTensor> inputs, IReadOnlyList<LayerTensor> initial) = Arguments(call);
        LayerTensor x = inputs.Count == 1 ? inputs[0] : throw call.Layer.Invalid($"it is called with {inputs.Count} tensors");
        SequenceResult result = Run(call, call.Layer, call.Weights, x, MaskOf(call, x), initial, zeroMasked: call.Config.Flag("zero_output_for_mask", false));
        bool sequences = call.Config.Flag("return_sequences", false);
        Edge output = !sequences ? result.Last : call.Config.Flag("go_backwards", false) ? call.Graph.Reverse(result.Outputs, 1) : result.Outputs;
        List<LayerTensor> outputs = [LayerTensor.Of(call.Graph, output, sequences ? x.Mask : null)];
        if (call.Config.Flag("return_state", false))
        {
            outputs.AddRange(result.States.Select(state => LayerTensor.Of(call.Graph, state)));
        }

        return outputs;
    }

    /// <summary>The sequence, and the states to start with: further tensors of the first argument, or an argument of their own.</summary>
    public static (IReadOnlyList<LayerTensor> Inputs, IReadOnlyList<LayerTensor> Initial) Arguments(LayerCall call)
    {
        if (call.Named.TryGetValue("constants", out CallArgument? constants) && constants.Tensors.Count > 0)
        {
            throw call.Layer.NotSupported("it is called with constants");
        }

        return call.Named.TryGetValue("initial_state", out CallArgument? initial) && initial.Tensors.Count > 0
            ? (call.Inputs, initial.Tensors)
            : ([.. call.Inputs.Take(1)], [.. call.Inputs.Skip(1)]);
    }

    /// <summary>Which steps count: an argument says it, or the sequence.</summary>
    public static Edge? MaskOf(LayerCall call, LayerTensor x)
    {
        if (call.Named.TryGetValue("mask", out CallArgument? mask) && mask.Tensors.Count > 0)
        {
            return call.Graph.Cast(mask.Tensors[0].Edge, Formats.Onnx.OnnxDataType.Bool);
        }

        return x.Mask is not { } known ? null : known.Rank == 2 ? known : throw call.Layer.NotSupported("its mask has more than one entry a step");
    }

    /// <summary>Runs a recurrent layer over a sequence, whichever way it goes.</summary>
    public static SequenceResult Run(LayerCall call, LayerConfig layer, LayerWeights weights, LayerTensor x, Edge? mask, IReadOnlyList<LayerTensor> initial, bool zeroMasked)
    {
        if (layer.Config.Flag("stateful", false))
        {
            throw layer.NotSupported("it is stateful: it keeps what it saw in one request for the next");
        }

        if (layer.Config.Flag("time_major", false))
        {
            throw layer.NotSupported("its sequences have time before samples (time_major)");
        }

        List<RecurrentCell> cells = Cells(call, layer, weights);
        bool backwards = layer.Config.Flag("go_backwards", false);
        List<Edge>? states = initial.Count == 0 ? null : [.. initial.Select(static state => state.AsFloat().Edge)];
        if (states is not null && (cells.Count > 1 || states.Count != cells[0].States))
        {
            throw layer.NotSupported($"it is called with {states.Count} initial states");
        }

        if (cells.Count > 1 && layer.Config.Flag("return_state", false))
        {
            throw layer.NotSupported("it returns the states of a stack of cells");
        }

        Edge edge = x.AsFloat().Edge;
        return mask is null && cells.Count == 1 && EngineLoop.CanRun(cells[0])
            ? EngineLoop.Run(call, layer, cells[0], edge, states, backwards)
            : ScanLoop.Run(call, cells, edge, mask, states, backwards, zeroMasked);
    }

    private static List<RecurrentCell> Cells(LayerCall call, LayerConfig layer, LayerWeights weights)
    {
        if (layer.ClassName is "SimpleRNN" or "LSTM" or "GRU")
        {
            return [RecurrentCell.Read(call, layer, weights.Attribute("cell"))];
        }

        if (layer.ClassName != "RNN")
        {
            throw layer.NotSupported("it is no recurrent layer that is known here");
        }

        LayerConfig cell = layer.Config.TryGet("cell", out System.Text.Json.JsonElement json) ? call.Scope.Reader.ReadLayer(json, $"cell of '{layer.Name}'") : throw layer.Config.Missing("cell");
        if (cell.ClassName != "StackedRNNCells")
        {
            return [RecurrentCell.Read(call, cell, weights.Attribute("cell"))];
        }

        if (!cell.Config.TryGet("cells", out System.Text.Json.JsonElement list) || list.ValueKind != System.Text.Json.JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            throw cell.Config.Missing("cells");
        }

        LayerConfig[] configs = [.. list.EnumerateArray().Select(item => call.Scope.Reader.ReadLayer(item, $"cell of '{layer.Name}'"))];
        IReadOnlyList<LayerWeights> parts = weights.Attribute("cell").Items("cells", configs);
        return [.. configs.Select((config, i) => RecurrentCell.Read(call, config, parts[i]))];
    }
}
