using Slipway.Core;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Evaluation;

/// <summary>A graph, or one call of a function, that is being translated. Not thread-safe.</summary>
internal sealed class Frame
{
    private readonly Dictionary<string, GraphNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Scope> _branches = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, AttributeValue> _attributes;

    /// <summary>The model's graph.</summary>
    public Frame(IReadOnlyList<GraphNode> nodes)
        : this(nodes, "", 0, isFunction: false, AttributeValue.Empty)
    {
    }

    private Frame(IReadOnlyList<GraphNode> nodes, string path, int depth, bool isFunction, IReadOnlyDictionary<string, AttributeValue> attributes)
    {
        (Path, Depth, IsFunction, _attributes) = (path, depth, isFunction, attributes);
        foreach (GraphNode node in nodes)
        {
            if (!_nodes.TryAdd(node.Name, node))
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"two nodes of one graph are called '{node.Name}'");
            }
        }
    }

    /// <summary>Where it is: names of the calls around it, ended by a slash; empty for the model's graph.</summary>
    public string Path { get; }

    /// <summary>Number of calls around it.</summary>
    public int Depth { get; }

    /// <summary>Whether it is a function's body, whose references name outputs.</summary>
    public bool IsFunction { get; }

    /// <summary>Values given from outside: arguments of a function, and whatever a signature feeds, by node name and output.</summary>
    public Dictionary<(string Node, int Output), Value> Given { get; } = [];

    /// <summary>Outputs of the nodes that have been translated.</summary>
    public Dictionary<string, IReadOnlyList<Value>> Done { get; } = new(StringComparer.Ordinal);

    /// <summary>Outputs that somebody needs, by node.</summary>
    public Dictionary<string, HashSet<int>> Wanted { get; } = new(StringComparer.Ordinal);

    /// <summary>The graph of a branch of TensorFlow 1: what is computed only when its conditions hold.</summary>
    /// <param name="path">The branches, outermost first, as <see cref="OldBranches.Attribute"/> has them.</param>
    public Scope BranchOf(IReadOnlyList<string> path, Scope root)
    {
        Scope scope = Given.Values.OfType<ITermSource>().Select(static given => given.Term.Scope).Append(root).MaxBy(static given => given.Depth)!;
        string key = "";
        foreach (string branch in path)
        {
            key = $"{key}\n{branch}";
            if (!_branches.TryGetValue(key, out Scope? known))
            {
                _branches.Add(key, known = scope.Inner());
            }

            scope = known;
        }

        return scope;
    }

    /// <summary>All nodes.</summary>
    public IEnumerable<GraphNode> Nodes => _nodes.Values;

    /// <summary>One call of <paramref name="function"/>.</summary>
    public Frame Call(GraphFunction function, string caller, IReadOnlyDictionary<string, AttributeValue> attributes)
    {
        // Names of calls that nobody chose say nothing.
        bool isNamed = !caller.StartsWith("StatefulPartitionedCall", StringComparison.Ordinal) && !caller.StartsWith("PartitionedCall", StringComparison.Ordinal);
        return new Frame(function.Nodes, isNamed ? $"{Path}{caller}/" : Path, Depth + 1, isFunction: true, attributes);
    }

    /// <summary>The node of a name, or null.</summary>
    public GraphNode? Find(string name) => _nodes.GetValueOrDefault(name);

    /// <summary>An attribute of a node, with what the call gives for a placeholder; null when it is absent.</summary>
    public AttributeValue? Attribute(GraphNode node, string name)
    {
        AttributeValue? value = node.Attributes.GetValueOrDefault(name);
        return value?.Placeholder is { } placeholder ? _attributes.GetValueOrDefault(placeholder) : value;
    }

    /// <summary>Where a reference leads: to a given value, or to an output of a node.</summary>
    public (string Node, int Output) Resolve(string reference)
    {
        TensorReference parsed = TensorReference.Parse(reference);
        if (Given.ContainsKey((parsed.Node, parsed.Index)) && !_nodes.ContainsKey(parsed.Node))
        {
            return (parsed.Node, parsed.Index);
        }

        GraphNode node = Find(parsed.Node) ?? throw new SlipwayException(ErrorCode.InvalidModel, $"the graph refers to '{Path}{parsed.Node}', which it does not have");
        return (node.Name, IsFunction ? OutputNames.Position(node, parsed) : parsed.Index);
    }
}
