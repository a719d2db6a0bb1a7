using Slipway.Formats.Abstractions;

namespace Slipway.Formats.Onnx;

/// <summary>Describes an ONNX model for people.</summary>
internal static class OnnxInspector
{
    public static ModelInspection Describe(OnnxModel model, long fileBytes)
    {
        Tally tally = new();
        if (model.Graph is not null)
        {
            tally.Add(model.Graph);
        }

        foreach (OnnxFunction function in model.Functions)
        {
            tally.Add(function.Nodes);
        }

        return new ModelInspection
        {
            Format = "onnx",
            Producer = model.ProducerName,
            ProducerVersion = model.ProducerVersion,
            FormatVersion = model.IrVersion,
            Opsets = [.. model.Opsets.Select(static opset => new InspectedOpset(opset.Domain.Length == 0 ? "ai.onnx" : opset.Domain, opset.Version))],
            Inputs = model.Graph is null ? [] : Inputs(model.Graph),
            Outputs = model.Graph is null ? [] : [.. model.Graph.Outputs.Select(static output => Describe(output, isOptional: false))],
            Operators = tally.Operators(),
            NodeCount = tally.Nodes,
            ParameterCount = tally.Parameters,
            ParameterBytes = tally.ParameterBytes,
            FileBytes = fileBytes,
            Metadata = model.Metadata.DistinctBy(static entry => entry.Key).ToDictionary(StringComparer.Ordinal),
            Problems = [.. OnnxValidator.Check(model).OrderByDescending(static problem => problem.IsError)],
        };
    }

    // Up to format version 3 initialisers are listed as inputs; later an initialiser that is listed is a default that a caller may replace.
    private static InspectedTensor[] Inputs(OnnxGraph graph)
    {
        HashSet<string> initialized = new(graph.Initializers.Select(static tensor => tensor.Name), StringComparer.Ordinal);
        return [.. graph.Inputs.Select(input => Describe(input, initialized.Contains(input.Name)))];
    }

    private static InspectedTensor Describe(OnnxValueInfo value, bool isOptional) => value.Type switch
    {
        { Kind: OnnxTypeKind.Tensor } tensor =>
            new InspectedTensor(value.Name, tensor.ElementType.ToDisplayName(), tensor.Shape is null ? null : [.. tensor.Shape.Select(static size => size.ToString())]) { IsOptional = isOptional },
        { } other => new InspectedTensor(value.Name, other.ToString(), null) { IsOptional = isOptional },
        null => new InspectedTensor(value.Name, "unknown", null) { IsOptional = isOptional },
    };

    /// <summary>Counts nodes and constants, subgraphs included.</summary>
    private sealed class Tally
    {
        private readonly Dictionary<string, long> _operators = new(StringComparer.Ordinal);

        public long Nodes { get; private set; }

        public long Parameters { get; private set; }

        public long ParameterBytes { get; private set; }

        public IReadOnlyList<InspectedOperator> Operators() =>
            [.. _operators.OrderByDescending(static pair => pair.Value).ThenBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => new InspectedOperator(pair.Key, pair.Value))];

        public void Add(OnnxGraph graph)
        {
            foreach (OnnxTensor tensor in graph.Initializers)
            {
                Add(tensor);
            }

            foreach (OnnxSparseTensor sparse in graph.SparseInitializers)
            {
                if (sparse.Values is not null)
                {
                    Add(sparse.Values);
                }
            }

            Add(graph.Nodes);
        }

        public void Add(IReadOnlyList<OnnxNode> nodes)
        {
            foreach (OnnxNode node in nodes)
            {
                Nodes++;
                string name = node.Domain.Length == 0 ? node.Operator : $"{node.Domain}.{node.Operator}";
                _operators[name] = _operators.GetValueOrDefault(name) + 1;
                foreach (OnnxAttribute attribute in node.Attributes)
                {
                    Add(attribute);
                }
            }
        }

        private void Add(OnnxAttribute attribute)
        {
            // Tree ensembles and linear models keep what they learned in lists of numbers.
            Parameters += attribute.Type == OnnxAttributeType.Floats ? attribute.ElementCount : 0;
            ParameterBytes += attribute.Type == OnnxAttributeType.Floats ? attribute.ElementCount * sizeof(float) : 0;
            foreach (OnnxTensor tensor in attribute.Tensors)
            {
                Add(tensor);
            }

            foreach (OnnxGraph graph in attribute.Graphs)
            {
                Add(graph);
            }
        }

        private void Add(OnnxTensor tensor)
        {
            // A hostile shape may claim anything; the validator says what is wrong with it.
            if (TensorSize.TryGetElementCount(tensor.Dimensions, out long elements) && elements < long.MaxValue - Parameters)
            {
                Parameters += elements;
                ParameterBytes += tensor.Raw?.Length ?? (tensor.DataType.TryGetByteLength(elements, out long bytes) && bytes < long.MaxValue - ParameterBytes ? bytes : tensor.TypedBytes);
            }
        }
    }
}
