using System.Globalization;
using System.Text;
using Slipway.Core;

namespace Slipway.TensorFlow.Graphs;

/// <summary>
/// Writes while loops of TensorFlow 1 (Enter, Merge, Switch, NextIteration, Exit) as those of TensorFlow 2: a While node with a function for its condition and one for its body. Loops within loops
/// are written first. What the loops were made of stays in the graph, where nothing uses it any more; so does a loop that is put together in another way, and whoever uses it is refused.
/// </summary>
internal sealed class OldLoops
{
    // Honest graphs have a handful of loops, two or three deep; beyond this they stay as they are.
    private const int MaxLoops = 256;
    private const int MaxDepth = 16;
    private const int MaxCollected = 2_000_000;

    private readonly List<GraphNode> _nodes;
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GraphNode> _merges = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GraphNode> _choices = new(StringComparer.Ordinal);
    private readonly ILookup<string, string> _exits;
    private readonly List<GraphFunction> _functions = [];
    private int _collected;

    private OldLoops(IReadOnlyList<GraphNode> nodes)
    {
        _nodes = [.. nodes];
        _exits = nodes.Where(static node => Is(node, "Exit")).ToLookup(static node => NameOf(Input(node, 0)), static node => node.Name, StringComparer.Ordinal);
        for (int i = 0; i < nodes.Count; i++)
        {
            _places.TryAdd(nodes[i].Name, i);
        }

        foreach (GraphNode node in nodes)
        {
            // The choice of a loop hangs on its condition; others are branches.
            if (Is(node, "Switch") && Find(Input(node, 1))?.Operation == "LoopCond")
            {
                _choices.TryAdd(NameOf(Input(node, 0)), node);
            }
            else if (Is(node, "Merge") && !node.Attributes.ContainsKey(OldBranches.Attribute))
            {
                foreach (string input in node.DataInputs)
                {
                    _merges.TryAdd(NameOf(input), node);
                }
            }
        }
    }

    /// <summary>The nodes with every loop in its new form, and the functions that they call; the nodes as they are when there is no loop.</summary>
    public static (IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphFunction> Functions) Rewrite(IReadOnlyList<GraphNode> nodes)
    {
        if (!nodes.Any(static node => Is(node, "Enter")))
        {
            return (nodes, []);
        }

        OldLoops loops = new(nodes);
        loops.RewriteAll();
        return (loops._nodes, loops._functions);
    }

    private void RewriteAll()
    {
        List<IGrouping<string, GraphNode>> open = [.. _nodes.Where(static node => Is(node, "Enter")).GroupBy(static node => Encoding.UTF8.GetString(node.Attributes.GetValueOrDefault("frame_name")?.Bytes ?? []))];
        HashSet<string> closed = new(StringComparer.Ordinal);
        for (int depth = 0; depth < MaxDepth && open.Count is > 0 and <= MaxLoops && _collected < MaxCollected; depth++)
        {
            open.RemoveAll(frame => TryRewrite(frame.Key, [.. frame], closed));
        }
    }

    // Not before the loops inside of it are written: their exits are among what its body is made of. True when there is nothing left to do.
    private bool TryRewrite(string frame, GraphNode[] enters, HashSet<string> closed)
    {
        List<Variable> variables = [];
        List<GraphNode> constants = [];
        foreach (GraphNode enter in enters)
        {
            if (!_merges.TryGetValue(enter.Name, out GraphNode? merge))
            {
                constants.Add(enter);
                continue;
            }

            if (merge.DataInputs.Select(Find).FirstOrDefault(static node => node is not null && Is(node, "NextIteration")) is not { } next)
            {
                return true;
            }

            variables.Add(new Variable(enter, merge, _choices.GetValueOrDefault(merge.Name), next));
        }

        GraphNode? condition = variables.Select(variable => variable.Choice is { } choice ? Find(Input(choice, 1)) : null).FirstOrDefault(static node => node is not null);
        if (condition is null)
        {
            return true;
        }

        string[] parameters = [.. variables.Select(static (_, i) => Parameter("variable", i)), .. constants.Select(static (_, i) => Parameter("constant", i))];
        Dictionary<string, string> known = new(StringComparer.Ordinal);
        for (int i = 0; i < variables.Count; i++)
        {
            known[variables[i].Merge.Name] = parameters[i];
            if (variables[i].Choice is { } choice)
            {
                known[choice.Name] = parameters[i];
            }
        }

        for (int i = 0; i < constants.Count; i++)
        {
            known[constants[i].Name] = parameters[variables.Count + i];
        }

        string[] goesOn = [Input(condition, 0)];
        string[] nexts = [.. variables.Select(static variable => Input(variable.Next, 0))];
        if (Collect(goesOn, known, closed) is not { } test || Collect(nexts, known, closed) is not { } body)
        {
            return false;
        }

        string name = Unique($"{frame}/while");
        Add(Function($"{name}/cond", parameters, [Renamed(goesOn[0], known)], test, known));
        Add(Function($"{name}/body", parameters, [.. nexts.Select(source => Renamed(source, known)), .. parameters.Skip(variables.Count)], body, known));
        Put(new GraphNode(
            name,
            "While",
            [.. variables.Select(static variable => variable.Enter).Concat(constants).Select(static enter => Input(enter, 0))],
            new Dictionary<string, AttributeValue> { ["cond"] = new() { Function = $"{name}/cond" }, ["body"] = new() { Function = $"{name}/body" } }));
        Close(name, variables, closed);
        return true;
    }

    // An exit hands on what a variable is in the end.
    private void Close(string name, List<Variable> variables, HashSet<string> closed)
    {
        for (int i = 0; i < variables.Count; i++)
        {
            foreach (string exit in variables[i].Choice is { } choice ? _exits[choice.Name] : [])
            {
                closed.Add(exit);
                Put(_nodes[_places[exit]] with { Operation = "Identity", Inputs = [string.Create(CultureInfo.InvariantCulture, $"{name}:{i}")] });
            }
        }
    }

    // What the values need, back to the parameters; null when it takes an exit of a loop that is not written yet.
    private List<GraphNode>? Collect(IEnumerable<string> sources, Dictionary<string, string> known, HashSet<string> closed)
    {
        List<GraphNode> found = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        Stack<string> open = new(sources.Select(NameOf));
        while (open.TryPop(out string? name))
        {
            if (known.ContainsKey(name) || !seen.Add(name))
            {
                continue;
            }

            GraphNode node = Find(name) ?? throw new SlipwayException(ErrorCode.InvalidModel, $"the graph refers to '{name}', which it does not have");
            if ((Is(node, "Exit") && !closed.Contains(name)) || ++_collected > MaxCollected)
            {
                return null;
            }

            found.Add(node);
            foreach (string input in node.DataInputs)
            {
                open.Push(NameOf(input));
            }
        }

        return found;
    }

    private static GraphFunction Function(string name, string[] parameters, string[] results, List<GraphNode> nodes, Dictionary<string, string> known) => new()
    {
        Name = name,
        Inputs = [.. parameters.Select(static parameter => new FunctionArgument(parameter, "", ""))],
        Outputs = [.. results.Select(static (_, i) => new FunctionArgument(Parameter("result", i), "", ""))],
        Nodes = [.. nodes.Select(node => node with { Inputs = [.. node.DataInputs.Select(input => Renamed(input, known))] })],
        Returns = results.Select(static (source, i) => (Parameter("result", i), source)).ToDictionary(static pair => pair.Item1, static pair => pair.source, StringComparer.Ordinal),
        ControlReturns = [],
    };

    private static string Renamed(string reference, Dictionary<string, string> known) => known.GetValueOrDefault(NameOf(reference), reference);

    private void Add(GraphFunction function) => _functions.Add(function);

    private void Put(GraphNode node)
    {
        if (_places.TryGetValue(node.Name, out int at))
        {
            _nodes[at] = node;
            return;
        }

        _places.Add(node.Name, _nodes.Count);
        _nodes.Add(node);
    }

    private GraphNode? Find(string reference) => _places.TryGetValue(NameOf(reference), out int at) ? _nodes[at] : null;

    private string Unique(string wanted)
    {
        string name = wanted;
        for (int i = 1; _places.ContainsKey(name); i++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{wanted}_{i}");
        }

        return name;
    }

    private static string Parameter(string kind, int number) => string.Create(CultureInfo.InvariantCulture, $"loop {kind} {number}");

    // A reference that is not there leads to no node.
    private static string Input(GraphNode node, int index) => node.DataInputs.ElementAtOrDefault(index) ?? "";

    private static string NameOf(string reference) => reference.Split(':')[0];

    private static bool Is(GraphNode node, string operation) => node.Operation == operation || (node.Operation.StartsWith("Ref", StringComparison.Ordinal) && node.Operation.AsSpan(3).SequenceEqual(operation));

    /// <summary>A variable of a loop: what it begins with, its value in a round, the choice between another round and the end, and its next value.</summary>
    private sealed record Variable(GraphNode Enter, GraphNode Merge, GraphNode? Choice, GraphNode Next);
}
