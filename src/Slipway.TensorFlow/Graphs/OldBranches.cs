namespace Slipway.TensorFlow.Graphs;

/// <summary>
/// Finds out which condition the branches of TensorFlow 1 hang on (Switch, Merge): each Switch is told the branches that it lies in, and each Merge of two branches the condition that chooses between
/// them, as a third input. Those that are put together in another way stay as they are.
/// </summary>
internal sealed class OldBranches
{
    /// <summary>
    /// Branches, outermost first, each a condition behind a plus where it holds and a minus where it does not. On a Switch: those that it lies in, and last its own. On a Merge: those that its first input
    /// comes from; the number is the input that is taken when the last condition holds.
    /// </summary>
    public const string Attribute = "slipway branches";

    // Honest graphs have branches within branches two or three deep, and hand a condition on as often.
    private const int MaxDepth = 16;
    private const int MaxHandedOn = 64;

    private readonly IReadOnlyList<GraphNode> _nodes;
    private readonly Dictionary<string, GraphNode> _byName = new(StringComparer.Ordinal);

    // Where a node lies; null where that can't be told.
    private readonly Dictionary<string, Branch[]?> _places = new(StringComparer.Ordinal);

    private OldBranches(IReadOnlyList<GraphNode> nodes)
    {
        _nodes = nodes;
        foreach (GraphNode node in nodes)
        {
            _byName.TryAdd(node.Name, node);
        }
    }

    /// <summary>The nodes with the attribute added where it applies; the nodes themselves when there are no branches.</summary>
    public static IReadOnlyList<GraphNode> Annotate(IReadOnlyList<GraphNode> nodes) =>
        nodes.Any(static node => Is(node, "Merge")) && nodes.Any(static node => Is(node, "Switch")) ? new OldBranches(nodes).Annotated() : nodes;

    private GraphNode[] Annotated() => [.. _nodes.Select(node => Is(node, "Switch") ? Switch(node) : Is(node, "Merge") ? Merge(node) : node)];

    private GraphNode Switch(GraphNode node) => IsOfLoop(node) || PlaceOf(node.Name) is not { Length: < MaxDepth } around
        ? node
        : node with { Attributes = With(node, new AttributeValue { List = [.. around.Append(new Branch(Condition(node), false)).Select(Encode)] }) };

    private GraphNode Merge(GraphNode node)
    {
        string[] inputs = [.. node.DataInputs];
        if (inputs.Length != 2 || IsOfLoop(node) || PlaceOf(inputs[0], node) is not { Length: > 0 } first || PlaceOf(inputs[1], node) is not { } second)
        {
            return node;
        }

        return Differ(first, second)
            ? node with { Inputs = [.. inputs, first[^1].Condition, .. node.Inputs.Where(static input => input.StartsWith('^'))], Attributes = With(node, new AttributeValue { Integer = first[^1].IsTrue ? 0 : 1, List = [.. first.Select(Encode)] }) }
            : node;
    }

    // The two sides of one condition, in the same place otherwise.
    private static bool Differ(Branch[] first, Branch[] second) => first.Length == second.Length && first.Length > 0
        && first.AsSpan(..^1).SequenceEqual(second.AsSpan(..^1)) && first[^1].Condition == second[^1].Condition && first[^1].IsTrue != second[^1].IsTrue;

    // Depth first with a stack of our own: a chain of nodes may be longer than the thread's stack allows.
    private Branch[]? PlaceOf(string wanted)
    {
        HashSet<string> entered = new(StringComparer.Ordinal);
        Stack<string> open = new([wanted]);
        while (open.TryPeek(out string? name))
        {
            if (_places.ContainsKey(name) || !_byName.TryGetValue(name, out GraphNode? node))
            {
                _places.TryAdd(name, []);
                open.Pop();
                continue;
            }

            string[] sources = [.. Sources(node).Select(NameOf)];
            if (entered.Add(name))
            {
                foreach (string source in sources.Where(source => !_places.ContainsKey(source) && !entered.Contains(source)))
                {
                    open.Push(source);
                }

                continue;
            }

            _places[name] = Compute(node);
            open.Pop();
        }

        return _places[wanted];
    }

    // What goes round in a loop lies where it came in.
    private IEnumerable<string> Sources(GraphNode node) => Is(node, "Merge") && node.DataInputs.Any(input => _byName.GetValueOrDefault(NameOf(input)) is { } source && Is(source, "NextIteration"))
        ? node.DataInputs.Take(1)
        : node.DataInputs.Concat(node.ControlInputs);

    private Branch[]? Compute(GraphNode node)
    {
        Branch[]? place = [];
        foreach (string source in Sources(node))
        {
            // A circle, which only a damaged graph has beside its loops.
            Branch[]? other = _places.ContainsKey(NameOf(source)) ? PlaceOf(source, node) : null;
            if (Is(node, "Merge") && source != node.DataInputs.First() && node.DataInputs.Contains(source))
            {
                place = place is not null && other is not null && Differ(place, other) ? place[..^1] : null;
                continue;
            }

            place = place is null || other is null ? null
                : place.AsSpan().StartsWith(other) ? place
                : other.AsSpan().StartsWith(place) ? other
                : null;
        }

        return place is { Length: > MaxDepth } ? null : place;
    }

    // Where a value lies: an output of a Switch in one of its branches.
    private Branch[]? PlaceOf(string reference, GraphNode user)
    {
        string name = NameOf(reference);
        Branch[]? place = PlaceOf(name);
        if (place is null || user.ControlInputs.Contains(reference) || !_byName.TryGetValue(name, out GraphNode? node) || !Is(node, "Switch") || IsOfLoop(node))
        {
            return place;
        }

        Branch branch = new(Condition(node), IsTrue(reference));
        return place.Contains(branch) ? place : place.Contains(branch with { IsTrue = !branch.IsTrue }) ? null : [.. place, branch];
    }

    // The condition of a Switch as it was before it was handed on: the same for all that hang on it.
    private string Condition(GraphNode node)
    {
        string condition = node.DataInputs.ElementAtOrDefault(1) ?? "";
        for (int i = 0; i < MaxHandedOn && _byName.TryGetValue(NameOf(condition), out GraphNode? source) && (source.Operation == "Identity" || (Is(source, "Switch") && !IsOfLoop(source))); i++)
        {
            condition = source.DataInputs.FirstOrDefault() ?? condition;
        }

        return condition;
    }

    private bool IsOfLoop(GraphNode node) => Is(node, "Switch")
        ? _byName.GetValueOrDefault(NameOf(node.DataInputs.ElementAtOrDefault(1) ?? ""))?.Operation == "LoopCond"
        : node.DataInputs.Any(input => _byName.GetValueOrDefault(NameOf(input)) is { } source && (Is(source, "NextIteration") || Is(source, "Enter")));

    private static Dictionary<string, AttributeValue> With(GraphNode node, AttributeValue value) => new(node.Attributes, StringComparer.Ordinal) { [Attribute] = value };

    private static AttributeValue Encode(Branch branch) => new() { Bytes = System.Text.Encoding.UTF8.GetBytes((branch.IsTrue ? "+" : "-") + branch.Condition) };

    private static bool IsTrue(string reference) => reference[(reference.IndexOf(':', StringComparison.Ordinal) + 1)..] is "1" or "output_true" or "output_true:0";

    private static string NameOf(string reference) => reference.Split(':')[0];

    private static bool Is(GraphNode node, string operation) => node.Operation == operation || (node.Operation.StartsWith("Ref", StringComparison.Ordinal) && node.Operation.AsSpan(3).SequenceEqual(operation));

    /// <summary>A side of a condition.</summary>
    private readonly record struct Branch(string Condition, bool IsTrue);
}
