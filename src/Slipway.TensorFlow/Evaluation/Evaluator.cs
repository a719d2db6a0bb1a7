using Slipway.Core;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Evaluation;

/// <summary>
/// Translates what some outputs of a graph need, node by node in an order in which they could run. Functions are entered where they are called, with the values
/// that they are called with, so that handles of variables and tables find their way, and what is constant stays so. Not thread-safe.
/// </summary>
internal sealed class Evaluator
{
    private const int MaxDepth = 64;
    private const int MaxNodes = 400_000;
    private const int MaxCalls = 20_000;
    private const long MaxConstantBytes = 256L << 20;

    private readonly OperatorTable _operators;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<AttributeValue, TensorData> _constants = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Problem> _known = [];
    private int _nodes;
    private int _calls;
    private long _constantBytes;

    public Evaluator(MetaGraph graph, ModelResources resources, OperatorTable operators, CancellationToken cancellation)
    {
        (Graph, Resources, _operators, _cancellation) = (graph, resources, operators, cancellation);
    }

    public MetaGraph Graph { get; }

    /// <summary>Variables and tables.</summary>
    public ModelResources Resources { get; }

    /// <summary>Where terms are made.</summary>
    public Draft Draft { get; } = new();

    /// <summary>What is not supported, in the order found; empty when the translation is whole.</summary>
    public List<Problem> Problems { get; } = [];

    /// <summary>Whether nodes are run for their effects: control inputs are followed, variables and tables may be filled.</summary>
    public bool IsInitializing { get; init; }

    /// <summary>How many nodes of each operator were translated.</summary>
    public Dictionary<string, long> Operators { get; } = new(StringComparer.Ordinal);

    /// <summary>Inputs that operators asked for beyond those of the signature: features of tf.Example, by name.</summary>
    public ExampleFeatures Features { get; } = new();

    /// <summary>The values that references lead to, with all that they need. Ask once for all references of a frame.</summary>
    public IReadOnlyList<Value> Evaluate(Frame frame, IReadOnlyList<string> references)
    {
        if (frame.Depth > MaxDepth)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"functions call each other more than {MaxDepth} deep");
        }

        (string Node, int Output)[] wanted = [.. references.Select(frame.Resolve)];
        foreach (GraphNode node in Order(frame, wanted))
        {
            _cancellation.ThrowIfCancellationRequested();
            if (++_nodes > MaxNodes)
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"functions unfold to more than {MaxNodes} nodes");
            }

            frame.Done[node.Name] = Translate(frame, node);
        }

        return [.. wanted.Select(output => Get(frame, output))];
    }

    /// <summary>Translates a call.</summary>
    /// <param name="wanted">Which results are needed; null: all.</param>
    /// <returns>All results; those not wanted are missing.</returns>
    public IReadOnlyList<Value> Call(
        Frame caller, string name, string functionName, IReadOnlyList<Value> arguments, IReadOnlyDictionary<string, AttributeValue> attributes, IReadOnlySet<int>? wanted)
    {
        GraphFunction function = Graph.Functions.Find(functionName) ?? throw new SlipwayException(ErrorCode.InvalidModel, $"there is no function '{functionName}'");
        if (++_calls > MaxCalls)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"functions unfold to more than {MaxCalls} calls");
        }

        Frame frame = caller.Call(function, name, attributes);
        FunctionBinding.Bind(frame, function, arguments);
        IReadOnlyList<string> results = FunctionBinding.Results(frame, function);
        if (IsInitializing)
        {
            return [.. Evaluate(frame, [.. results, .. frame.Nodes.Select(static node => node.Name)]).Take(results.Count)];
        }

        if (frame.Nodes.FirstOrDefault(static node => Effects.ChangesVariables(node.Operation)) is { } change)
        {
            Report(frame, change, "it changes a variable, and a served model must not");
        }

        if (wanted is null)
        {
            return Evaluate(frame, results);
        }

        string[] asked = [.. results.Where((_, index) => wanted.Contains(index))];
        IReadOnlyList<Value> values = Evaluate(frame, asked);
        int next = 0;
        return [.. results.Select((_, index) => wanted.Contains(index) ? values[next++] : new MissingValue("it was not asked for"))];
    }

    /// <summary>The constant of an attribute; read once, however often its node is entered.</summary>
    public TensorData Constant(AttributeValue attribute)
    {
        if (attribute.EncodedTensor is not { } encoded)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, "it has no value");
        }

        if (!_constants.TryGetValue(attribute, out TensorData? data))
        {
            data = TensorReader.Read(encoded);
            _constantBytes += Math.Max(0, data.Raw.Length - encoded.Length);
            if (_constantBytes > MaxConstantBytes)
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"constants unfold to more than {MaxConstantBytes >> 20} MiB");
            }

            _constants.Add(attribute, data);
        }

        return data;
    }

    /// <summary>Notes that something is not supported, once.</summary>
    public void Report(Frame frame, GraphNode node, string reason)
    {
        Problem problem = new(node.Operation, frame.Path + node.Name, reason);
        if (_known.Add(problem))
        {
            Problems.Add(problem);
        }
    }

    private IReadOnlyList<Value> Translate(Frame frame, GraphNode node)
    {
        Value[] inputs = [.. node.DataInputs.Select(reference => Get(frame, frame.Resolve(reference)))];
        bool isMerge = node.Operation is "Merge" or "RefMerge";
        if (!isMerge && Array.Exists(inputs, static input => input is DeadValue))
        {
            return [DeadValue.Instance];
        }

        bool takesAnything = isMerge || Effects.TakesAnything(node.Operation) || Graph.Functions.Contains(node.Operation);
        if (!takesAnything && Array.Exists(inputs, static input => input is MissingValue))
        {
            foreach (string reason in inputs.OfType<MissingValue>().Select(static missing => missing.Reason).OfType<string>())
            {
                Report(frame, node, reason);
            }

            return [new MissingValue(null)];
        }

        Operators[node.Operation] = Operators.GetValueOrDefault(node.Operation) + 1;
        Draft.Label = frame.Path + node.Name;
        OperatorCall call = new(this, frame, node, inputs);
        try
        {
            if (_operators.Find(node.Operation) is { } convert)
            {
                return convert(call);
            }

            if (Graph.Functions.Contains(node.Operation))
            {
                return Call(frame, node.Name, node.Operation, inputs, node.Attributes, call.Wanted);
            }

            Report(frame, node, "");
        }
        catch (SlipwayException refusal) when (refusal.Code == ErrorCode.NotSupported)
        {
            Report(frame, node, refusal.Message);
        }
        catch (SlipwayException damage) when (damage.Code == ErrorCode.InvalidModel && !damage.Message.StartsWith("node '", StringComparison.Ordinal))
        {
            throw new SlipwayException(damage.Code, $"node '{frame.Path}{node.Name}' ({node.Operation}): {damage.Message}", damage);
        }
        catch (Exception fault) when (fault is IndexOutOfRangeException or ArgumentException or InvalidOperationException or InvalidCastException or OverflowException or KeyNotFoundException or DivideByZeroException)
        {
            // What is known of a damaged graph contradicts itself.
            throw new SlipwayException(ErrorCode.InvalidModel, $"node '{frame.Path}{node.Name}' ({node.Operation}): its inputs and attributes do not fit together", fault);
        }

        return [new MissingValue(null)];
    }

    private static Value Get(Frame frame, (string Node, int Output) place)
    {
        if (frame.Given.TryGetValue(place, out Value? given))
        {
            return given;
        }

        IReadOnlyList<Value> outputs = frame.Done[place.Node];
        return outputs switch
        {
            [MissingValue or DeadValue] => outputs[0],
            _ when place.Output < outputs.Count => outputs[place.Output],
            _ => throw new SlipwayException(ErrorCode.InvalidModel, $"node '{frame.Path}{place.Node}' has {outputs.Count} outputs, number {place.Output + 1} is asked for"),
        };
    }

    // Depth first with a stack of our own: a chain of nodes may be longer than the thread's stack allows.
    private List<GraphNode> Order(Frame frame, (string Node, int Output)[] wanted)
    {
        List<GraphNode> order = [];
        HashSet<string> entered = new(StringComparer.Ordinal);
        HashSet<string> left = new(StringComparer.Ordinal);
        Stack<string> open = new();
        foreach ((string node, int output) in wanted.Reverse())
        {
            Want(frame, node, output, open);
        }

        while (open.TryPeek(out string? name))
        {
            if (left.Contains(name))
            {
                open.Pop();
                continue;
            }

            GraphNode node = frame.Find(name)!;
            if (!entered.Add(name))
            {
                open.Pop();
                left.Add(name);
                order.Add(node);
                continue;
            }

            foreach (string reference in node.DataInputs.Reverse())
            {
                (string source, int output) = frame.Resolve(reference);
                Refuse(frame, source, entered, left);
                Want(frame, source, output, open);
            }

            if (!IsInitializing)
            {
                continue;
            }

            foreach (string control in node.ControlInputs.Where(control => frame.Find(control) is not null))
            {
                Refuse(frame, control, entered, left);
                Want(frame, control, -1, open);
            }
        }

        return order;
    }

    private static void Want(Frame frame, string node, int output, Stack<string> open)
    {
        if (frame.Given.ContainsKey((node, output)) || frame.Find(node) is null)
        {
            return;
        }

        if (!frame.Wanted.TryGetValue(node, out HashSet<int>? outputs))
        {
            frame.Wanted.Add(node, outputs = []);
        }

        outputs.Add(output);
        if (!frame.Done.ContainsKey(node))
        {
            open.Push(node);
        }
    }

    // Only loops of the old kind go round in circles.
    private static void Refuse(Frame frame, string node, HashSet<string> entered, HashSet<string> left)
    {
        if (entered.Contains(node) && !left.Contains(node))
        {
            throw frame.Nodes.Any(static candidate => candidate.Operation is "NextIteration" or "RefNextIteration")
                ? new SlipwayException(
                    ErrorCode.NotSupported,
                    $"node '{frame.Path}{node}' is part of a while loop as TensorFlow 1 wrote it (Enter, NextIteration), put together in a way that is not converted; save the model with control flow v2")
                : new SlipwayException(ErrorCode.InvalidModel, $"the graph goes round in a circle at node '{frame.Path}{node}'");
        }
    }
}
