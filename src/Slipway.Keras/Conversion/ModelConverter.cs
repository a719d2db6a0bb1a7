using System.Diagnostics.CodeAnalysis;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Models;
using Slipway.Keras.Weights;

namespace Slipway.Keras.Conversion;

/// <summary>Emits a graph of layers, in the order in which their inputs become known.</summary>
internal static class ModelConverter
{
    /// <summary>Emits a model.</summary>
    /// <param name="weights">Weights of its layers by name; layers that have none may be left out.</param>
    /// <param name="inputs">Values of its inputs, in order.</param>
    /// <returns>Values of its outputs, in order.</returns>
    public static IReadOnlyList<LayerTensor> Convert(
        ConversionScope scope, GraphBuilder graph, ModelGraph model, IReadOnlyDictionary<string, LayerWeights> weights, IReadOnlyList<LayerTensor> inputs)
    {
        if (inputs.Count != model.Inputs.Count)
        {
            throw KerasFault.Invalid($"the model '{model.Name}' has {model.Inputs.Count} inputs and is called with {inputs.Count}");
        }

        State state = new(scope, graph, model, weights);
        for (int i = 0; i < inputs.Count; i++)
        {
            state.Known[(model.Inputs[i].Layer, 0)] = [inputs[i]];
        }

        return [.. model.Outputs.Select(state.Resolve)];
    }

    private sealed class State
    {
        private readonly ConversionScope _scope;
        private readonly GraphBuilder _graph;
        private readonly ModelGraph _model;
        private readonly IReadOnlyDictionary<string, LayerWeights> _weights;
        private readonly Dictionary<string, GraphLayer> _layers;
        private readonly Dictionary<string, int> _firstNode;

        public State(ConversionScope scope, GraphBuilder graph, ModelGraph model, IReadOnlyDictionary<string, LayerWeights> weights)
        {
            (_scope, _graph, _model, _weights) = (scope, graph, model, weights);
            _layers = model.Layers.ToDictionary(static layer => layer.Layer.Name, StringComparer.Ordinal);
            _firstNode = FirstNodes(model);
        }

        /// <summary>Outputs of calls that were emitted.</summary>
        public Dictionary<(string Layer, int Node), IReadOnlyList<LayerTensor>> Known { get; } = [];

        /// <summary>The tensor; what it needs is emitted first. Deep models would overflow the stack of a recursion.</summary>
        public LayerTensor Resolve(TensorReference wanted)
        {
            Stack<(string Layer, int Node)> open = new([NodeOf(wanted)]);
            HashSet<(string, int)> entered = [];
            while (open.TryPeek(out (string Layer, int Node) next))
            {
                if (Known.ContainsKey(next))
                {
                    open.Pop();
                    continue;
                }

                LayerNode node = _layers[next.Layer].Nodes[next.Node];
                List<(string Layer, int Node)> missing = [.. node.Tensors.Select(NodeOf).Where(needed => !Known.ContainsKey(needed)).Distinct()];
                if (missing.Count == 0)
                {
                    Known[next] = Emit(_layers[next.Layer].Layer, node);
                    continue;
                }

                if (!entered.Add(next))
                {
                    throw KerasFault.Invalid($"the layers of '{_model.Name}' form a ring at '{next.Layer}'");
                }

                missing.ForEach(open.Push);
            }

            return OutputOf(wanted);
        }

        private LayerTensor OutputOf(TensorReference reference)
        {
            IReadOnlyList<LayerTensor> outputs = Known[NodeOf(reference)];
            return (uint)reference.Tensor < (uint)outputs.Count
                ? outputs[reference.Tensor]
                : throw KerasFault.Invalid($"'{reference.Layer}' has {outputs.Count} outputs and number {reference.Tensor} is wanted");
        }

        private IReadOnlyList<LayerTensor> Emit(LayerConfig layer, LayerNode node)
        {
            List<CallArgument> positional = [.. node.Positional.Select(Find)];
            return _scope.Convert(new LayerCall
            {
                Graph = _graph,
                Layer = layer,
                Weights = _weights.TryGetValue(layer.Name, out LayerWeights? found) ? found : LegacyWeights.None,
                Inputs = [.. positional.SelectMany(static argument => argument.Tensors)],
                Positional = positional,
                Named = node.Named.ToDictionary(static pair => pair.Key, pair => Find(pair.Value), StringComparer.Ordinal),
                Scope = _scope,
            });
        }

        private CallArgument Find(CallValue value) => new([.. value.Tensors.Select(OutputOf)], value.Literal);

        [SuppressMessage("Style", "IDE0046", Justification = "Guards read better one by one.")]
        private (string Layer, int Node) NodeOf(TensorReference reference)
        {
            if (!_layers.TryGetValue(reference.Layer, out GraphLayer? layer))
            {
                throw KerasFault.Invalid($"the model '{_model.Name}' has no layer '{reference.Layer}'");
            }

            if (Known.ContainsKey((reference.Layer, 0)) && layer.Nodes.Count == 0)
            {
                return (reference.Layer, 0);
            }

            int node = reference.Node - _firstNode.GetValueOrDefault(reference.Layer);
            return (uint)node < (uint)layer.Nodes.Count
                ? (reference.Layer, node)
                : throw KerasFault.Invalid($"layer '{reference.Layer}' of '{_model.Name}' is not called as often as its output is used, or is an input that the model does not have");
        }

        // A model within a model counts its own making as its first call, which is not listed; a Sequential one only when it began with an input.
        private static Dictionary<string, int> FirstNodes(ModelGraph model)
        {
            Dictionary<string, (int Least, int Most)> used = [];
            foreach (TensorReference reference in model.Layers.SelectMany(static layer => layer.Nodes).SelectMany(static node => node.Tensors).Concat(model.Outputs))
            {
                (int least, int most) = used.GetValueOrDefault(reference.Layer, (reference.Node, reference.Node));
                used[reference.Layer] = (Math.Min(least, reference.Node), Math.Max(most, reference.Node));
            }

            return model.Layers
                .Where(layer => layer.Layer.ClassName is "Functional" or "Model" or "Sequential" && used.TryGetValue(layer.Layer.Name, out (int Least, int Most) range)
                    && range.Least > 0 && (layer.Layer.ClassName != "Sequential" || range.Most >= layer.Nodes.Count))
                .ToDictionary(static layer => layer.Layer.Name, static _ => 1);
        }
    }
}
