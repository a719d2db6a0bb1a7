using Slipway.Formats.Abstractions;

namespace Slipway.Formats.Onnx;

/// <summary>Follows the names through a graph and its subgraphs: every value made once, made before it is used, and constants as large as they say.</summary>
internal sealed class OnnxGraphValidator(OnnxModel model, List<ModelProblem> problems)
{
    private readonly HashSet<string> _domains = new(model.Opsets.Select(static opset => OnnxOpset.Normalize(opset.Domain)), StringComparer.Ordinal);

    public void Check() => Check(model.Graph!, null);

    private void Check(OnnxGraph graph, Scope? outer)
    {
        Scope scope = new(outer);
        foreach (OnnxValueInfo input in graph.Inputs)
        {
            if (!scope.Add(input.Name))
            {
                Report(true, $"two inputs are named '{input.Name}'");
            }
        }

        HashSet<string> constants = new(StringComparer.Ordinal);
        foreach (OnnxTensor tensor in graph.Initializers.Concat(graph.SparseInitializers.Select(static sparse => sparse.Values).OfType<OnnxTensor>()))
        {
            scope.Add(tensor.Name);
            if (!constants.Add(tensor.Name))
            {
                Report(true, $"two constants are named '{tensor.Name}'");
            }
        }

        foreach (OnnxTensor tensor in graph.Initializers)
        {
            CheckSize(tensor);
        }

        CheckNodes(graph, scope);
        foreach (OnnxValueInfo output in graph.Outputs)
        {
            if (!scope.Knows(output.Name))
            {
                Report(true, $"output '{output.Name}' is made by no node");
            }
        }
    }

    private void CheckNodes(OnnxGraph graph, Scope scope)
    {
        HashSet<string> made = new(graph.Nodes.SelectMany(static node => node.Outputs).Where(static name => name.Length > 0), StringComparer.Ordinal);
        bool unsorted = false;
        foreach (OnnxNode node in graph.Nodes)
        {
            CheckOperator(node);
            foreach (string input in node.Inputs.Where(static name => name.Length > 0))
            {
                if (scope.Knows(input))
                {
                    continue;
                }

                if (made.Contains(input))
                {
                    unsorted = true;
                }
                else
                {
                    Report(true, $"{Name(node)} uses '{input}', which nothing makes");
                }
            }

            foreach (OnnxAttribute attribute in node.Attributes)
            {
                foreach (OnnxTensor tensor in attribute.Tensors)
                {
                    CheckSize(tensor);
                }

                foreach (OnnxGraph subgraph in attribute.Graphs)
                {
                    Check(subgraph, scope);
                }
            }

            foreach (string output in node.Outputs.Where(static name => name.Length > 0))
            {
                if (!scope.Add(output))
                {
                    Report(true, $"{Name(node)} makes '{output}', which is made already");
                }
            }
        }

        if (unsorted)
        {
            Report(HasCycle(graph), HasCycle(graph) ? "nodes depend on each other in a ring" : "nodes are not in the order in which they depend on each other");
        }
    }

    private void CheckOperator(OnnxNode node)
    {
        if (node.Operator.Length == 0)
        {
            Report(true, $"node '{node.Name}' has no operator");
        }
        else if (_domains.Count > 0 && !_domains.Contains(node.Domain))
        {
            Report(true, $"{Name(node)} is of domain '{(node.Domain.Length == 0 ? "ai.onnx" : node.Domain)}', of which the model imports no operator set");
        }
    }

    private void CheckSize(OnnxTensor tensor)
    {
        if (!TensorSize.TryGetElementCount(tensor.Dimensions, out long elements))
        {
            Report(true, $"constant '{tensor.Name}' has the impossible shape [{string.Join(',', tensor.Dimensions.Take(16))}]");
            return;
        }

        if (tensor.External is not null)
        {
            return;
        }

        if (tensor.Raw is { } raw)
        {
            if (!tensor.DataType.TryGetByteLength(elements, out long bytes) || bytes != raw.Length)
            {
                Report(true, $"constant '{tensor.Name}' of type {tensor.DataType.ToDisplayName()} and shape [{string.Join(',', tensor.Dimensions.Take(16))}] has {raw.Length} bytes");
            }

            return;
        }

        // Small types share entries; complex numbers take two.
        long expected = tensor.DataType switch
        {
            OnnxDataType.Complex64 or OnnxDataType.Complex128 => elements * 2,
            OnnxDataType.UInt4 or OnnxDataType.Int4 or OnnxDataType.Float4E2M1 => (elements + 1) / 2,
            OnnxDataType.UInt2 or OnnxDataType.Int2 => (elements + 3) / 4,
            _ => elements,
        };
        if (expected != tensor.TypedCount)
        {
            Report(true, $"constant '{tensor.Name}' of shape [{string.Join(',', tensor.Dimensions.Take(16))}] has {tensor.TypedCount} values");
        }
    }

    // Kahn: what can never become ready depends on itself.
    private static bool HasCycle(OnnxGraph graph)
    {
        Dictionary<string, int> maker = new(StringComparer.Ordinal);
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            foreach (string output in graph.Nodes[i].Outputs)
            {
                maker[output] = i;
            }
        }

        List<int>[] users = [.. Enumerable.Range(0, graph.Nodes.Count).Select(static _ => new List<int>())];
        int[] waiting = new int[graph.Nodes.Count];
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            foreach (string input in graph.Nodes[i].Inputs.Where(static name => name.Length > 0))
            {
                if (maker.TryGetValue(input, out int from))
                {
                    users[from].Add(i);
                    waiting[i]++;
                }
            }
        }

        Stack<int> ready = new(Enumerable.Range(0, waiting.Length).Where(node => waiting[node] == 0));
        int done = 0;
        while (ready.TryPop(out int node))
        {
            done++;
            foreach (int user in users[node])
            {
                if (--waiting[user] == 0)
                {
                    ready.Push(user);
                }
            }
        }

        return done < graph.Nodes.Count;
    }

    private static string Name(OnnxNode node) => node.Name.Length > 0 ? $"node '{node.Name}' ({node.Operator})" : $"a {node.Operator} node";

    private void Report(bool isError, string message)
    {
        if (problems.Count <= OnnxValidator.MaxProblems * 10)
        {
            problems.Add(new ModelProblem(isError, message.Length <= 300 ? message : message[..300] + "…"));
        }
    }

    /// <summary>Names known in a graph and the graphs around it.</summary>
    private sealed class Scope(Scope? outer)
    {
        private readonly HashSet<string> _names = new(StringComparer.Ordinal);

        public bool Add(string name) => _names.Add(name);

        public bool Knows(string name)
        {
            for (Scope? scope = this; scope is not null; scope = scope.Outer)
            {
                if (scope._names.Contains(name))
                {
                    return true;
                }
            }

            return false;
        }

        private Scope? Outer { get; } = outer;
    }
}
