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
    private const int MaxLoops = 1000;

    private readonly List<GraphNode> _nodes;
    private readonly Dictionary<string, GraphNode> _byName = new(StringComparer.Ordinal);
    private readonly List<GraphFunction> _functions = [];

    private OldLoops(IReadOnlyList<GraphNode> nodes)
    {
        _nodes = [.. nodes];
        foreach (GraphNode node in nodes)
        {
            _byName.TryAdd(node.Name, node);
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
        for (int before = int.MaxValue; open.Count is > 0 and <= MaxLoops && open.Count < before;)
        {
            before = open.Count;
            open.RemoveAll(frame => TryRewrite(frame.Key, [.. frame], closed));
        }
    }

    // Not before the loops inside of it are written: their exits are among what its body is made of. True when there is nothing left to do.
    private bool TryRewrite(string frame, GraphNode[] enters, HashSet<string> closed)
    {
        Dictionary<string, GraphNode> own = enters.ToDictionary(static node => node.Name, StringComparer.Ordinal);
        List<Variable> variables = [];
        foreach (GraphNode merge in _nodes.Where(static node => Is(node, "Merge")))
        {
            string[] inputs = [.. merge.DataInputs];
            string? enter = inputs.Select(NameOf).FirstOrDefault(own.ContainsKey);
            if (enter is null)
            {
                continue;
            }

            GraphNode? next = inputs.Select(input => _byName.GetValueOrDefault(NameOf(input))).FirstOrDefault(static node => node is not null && Is(node, "NextIteration"));
            GraphNode? choice = _nodes.FirstOrDefault(node => Is(node, "Switch") && NameOf(node.DataInputs.First()) == merge.Name);
            if (next is null)
            {
                return true;
            }

            variables.Add(new Variable(own[enter], merge, choice, next));
        }

        GraphNode? condition = variables.Select(variable => variable.Choice?.DataInputs.Skip(1).FirstOrDefault()).OfType<string>().Select(input => _byName.GetValueOrDefault(NameOf(input))).FirstOrDefault(static node => node?.Operation == "LoopCond");
        if (condition is null)
        {
            return true;
        }

        GraphNode[] constants = [.. enters.Where(enter => variables.TrueForAll(variable => variable.Enter.Name != enter.Name))];
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

        for (int i = 0; i < constants.Length; i++)
        {
            known[constants[i].Name] = parameters[variables.Count + i];
        }

        string[] goesOn = [condition.DataInputs.First()];
        string[] nexts = [.. variables.Select(static variable => variable.Next.DataInputs.First())];
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
            [.. variables.Select(static variable => variable.Enter).Concat(constants).Select(static enter => enter.DataInputs.First())],
            new Dictionary<string, AttributeValue> { ["cond"] = new() { Function = $"{name}/cond" }, ["body"] = new() { Function = $"{name}/body" } }));
        Close(name, variables, closed);
        return true;
    }

    // An exit hands on what a variable is in the end.
    private void Close(string name, List<Variable> variables, HashSet<string> closed)
    {
        for (int i = 0; i < variables.Count; i++)
        {
            string? choice = variables[i].Choice?.Name;
            foreach (GraphNode exit in _nodes.Where(node => Is(node, "Exit") && NameOf(node.DataInputs.First()) == choice).ToArray())
            {
                closed.Add(exit.Name);
                Put(exit with { Operation = "Identity", Inputs = [string.Create(CultureInfo.InvariantCulture, $"{name}:{i}")] });
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

            GraphNode node = _byName.GetValueOrDefault(name) ?? throw new SlipwayException(ErrorCode.InvalidModel, $"the graph refers to '{name}', which it does not have");
            if (Is(node, "Exit") && !closed.Contains(name))
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
        int at = _nodes.FindIndex(other => other.Name == node.Name);
        if (at < 0)
        {
            _nodes.Add(node);
        }
        else
        {
            _nodes[at] = node;
        }

        _byName[node.Name] = node;
    }

    private string Unique(string wanted)
    {
        string name = wanted;
        for (int i = 1; _byName.ContainsKey(name); i++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{wanted}_{i}");
        }

        return name;
    }

    private static string Parameter(string kind, int number) => string.Create(CultureInfo.InvariantCulture, $"loop {kind} {number}");

    private static string NameOf(string reference) => reference.Split(':')[0];

    private static bool Is(GraphNode node, string operation) => node.Operation == operation || (node.Operation.StartsWith("Ref", StringComparison.Ordinal) && node.Operation.AsSpan(3).SequenceEqual(operation));

    /// <summary>A variable of a loop: what it begins with, its value in a round, the choice between another round and the end, and its next value.</summary>
    private sealed record Variable(GraphNode Enter, GraphNode Merge, GraphNode? Choice, GraphNode Next);
}
