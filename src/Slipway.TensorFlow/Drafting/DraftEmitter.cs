using System.Globalization;
using System.Text;
using Slipway.Core;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Drafting;

/// <summary>Writes what the outputs of a draft need, in an order in which it can run, and nothing else.</summary>
internal sealed class DraftEmitter
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly GraphBuilder _builder = new();
    private readonly Dictionary<string, int> _next = new(StringComparer.Ordinal);
    private readonly Dictionary<Term, Edge> _edges = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal) { "" };
    private readonly Dictionary<Scope, GraphBuilder> _graphs = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Scope, List<Term>> _written = new(ReferenceEqualityComparer.Instance);

    // A graph that several nodes run is written for each of them.
    private const int MaxSteps = 2_000_000;
    private int _steps;

    private DraftEmitter(Draft draft, IReadOnlyList<Term> inputs, IReadOnlyList<(string Name, Term Term)> outputs)
    {
        _graphs[draft.Root] = _builder;
        foreach (Term input in inputs)
        {
            _names.Add(input.Name);
            _edges.Add(input, _builder.Input(EdgeOf(input, input.Name)));
        }

        foreach ((string name, _) in outputs)
        {
            _names.Add(name);
        }

        foreach ((string name, Term term) in outputs)
        {
            Emit(term);
            _builder.Output(_edges[KeyOf(term)], name);
        }
    }

    /// <summary>The model file.</summary>
    /// <param name="inputs">The model's inputs, in order; names are unique among inputs and outputs.</param>
    public static byte[] Build(
        Draft draft, string name, IReadOnlyList<Term> inputs, IReadOnlyList<(string Name, Term Term)> outputs, IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            return new DraftEmitter(draft, inputs, outputs)._builder.BuildModel(name, metadata);
        }
        catch (OverflowException)
        {
            throw new SlipwayException(ErrorCode.NotSupported, "the converted model is larger than 2 GiB, which is not supported");
        }
    }

    // Depth first with a stack of our own: a chain of nodes may be longer than the thread's stack allows.
    private void Emit(Term wanted)
    {
        Stack<Term> open = new([wanted]);
        while (open.TryPeek(out Term? term))
        {
            if (_edges.ContainsKey(KeyOf(term)))
            {
                open.Pop();
                continue;
            }

            Term[] missing = [.. Needs(term).Where(need => !_edges.ContainsKey(KeyOf(need)))];
            if (missing.Length == 0)
            {
                Define(term);
                open.Pop();
                continue;
            }

            foreach (Term need in missing)
            {
                open.Push(need);
            }
        }
    }

    // A term may stand for another one, with more known of it or in another graph: it is the same value.
    private static Term KeyOf(Term term)
    {
        while (term.Alias is { } alias)
        {
            term = alias;
        }

        return term;
    }

    private static IEnumerable<Term> Needs(Term term)
    {
        if (KeyOf(term).Producer is not { } step)
        {
            return [];
        }

        IEnumerable<Term> inputs = step.Inputs.OfType<Term>();
        return step.Bodies.Count == 0 ? inputs : inputs.Concat(step.Bodies.SelectMany(static body => ScopeOf.OuterTerms(body)).Distinct());
    }

    private void Define(Term wanted)
    {
        Term term = KeyOf(wanted);
        if (term.Constant is { } constant)
        {
            Edge edge = EdgeOf(term, Unique(constant.Type == TensorFlowType.String ? "text" : "constant"));
            _edges.Add(term, edge);
            if (constant.Strings is { } strings)
            {
                _builder.Constant(edge, [.. strings.Select(Text)]);
            }
            else
            {
                _builder.Constant(edge, constant.Raw);
            }

            return;
        }

        if (term.Producer is not { } step)
        {
            throw new InvalidOperationException($"input '{term.Name}' belongs to no graph that is being written");
        }

        if (!_graphs.TryGetValue(step.Scope, out GraphBuilder? graph))
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"'{step.Label}' takes a value out of a branch that it does not lie in");
        }

        if (++_steps > MaxSteps)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"its branches unfold to more than {MaxSteps} nodes");
        }

        NodeAttribute[] bodies = [.. step.Bodies.Select(body => EmitBody(graph, body))];
        Edge[] outputs = [.. step.Outputs.Select(output => EdgeOf(output, Unique(step.Label.Length > 0 ? step.Label : step.Operation)))];
        Edge[] inputs = [.. step.Inputs.Select(input => input is null ? default(Edge) with { Name = "" } : _edges[KeyOf(input)])];
        graph.Emit(step.Operation, step.Domain, inputs, outputs, [.. step.Attributes, .. bodies]);
        for (int i = 0; i < outputs.Length; i++)
        {
            _edges.Add(KeyOf(step.Outputs[i]), outputs[i]);
            if (_written.TryGetValue(step.Scope, out List<Term>? written))
            {
                written.Add(KeyOf(step.Outputs[i]));
            }
        }
    }

    private NodeAttribute EmitBody(GraphBuilder around, StepBody body)
    {
        GraphBuilder graph = around.Subgraph();
        _graphs.Add(body.Scope, graph);
        _written.Add(body.Scope, [.. body.Inputs]);
        foreach (Term input in body.Inputs)
        {
            _edges.Add(input, graph.Input(EdgeOf(input, Unique(input.Name.Length > 0 ? input.Name : "input"))));
        }

        foreach (Term output in body.Outputs)
        {
            Emit(output);
            graph.Output(_edges[KeyOf(output)], Unique("output"));
        }

        // Nothing outside sees what was written here; another node may run the same graph, or another result of it, and then it is written again.
        _written[body.Scope].ForEach(term => _edges.Remove(term));
        _written.Remove(body.Scope);
        _graphs.Remove(body.Scope);
        return NodeAttribute.Graph(body.Attribute, graph);
    }

    private static Edge EdgeOf(Term term, string name) => term.Shape.HasRank
        ? new Edge(name, term.Type, new TensorShape(term.Shape.ToArray()))
        : new Edge(name, term.Type, TensorShape.Scalar) { IsRankUnknown = true };

    private string Unique(string wanted)
    {
        string name = wanted;
        _next.TryGetValue(wanted, out int number);
        while (!_names.Add(name))
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{wanted}:{++number}");
        }

        _next[wanted] = number;
        return name;
    }

    private static string Text(byte[] bytes)
    {
        try
        {
            string text = StrictUtf8.GetString(bytes);
            return text.Contains('\0', StringComparison.Ordinal)
                ? throw new SlipwayException(ErrorCode.NotSupported, "a constant string holds a zero byte, which the engine can't keep")
                : text;
        }
        catch (ArgumentException)
        {
            throw new SlipwayException(ErrorCode.NotSupported, "a constant string is not UTF-8, which the engine can't keep");
        }
    }
}
