using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core;
using Slipway.Formats.Protobuf;

namespace Slipway.Formats.Onnx.Building;

/// <summary>
/// Builds an ONNX graph. Every edge has a type and a shape, worked out by whoever emits the node (the operators below this folder do), so that the file
/// passes the checker's rules. Little-endian machines only, as everything that handles tensor bytes. Not thread-safe.
/// </summary>
internal sealed class GraphBuilder
{
    /// <summary>ONNX 1.15: the newest operator sets in which ai.onnx.ml still has tree ensembles with several targets a leaf.</summary>
    public const int IrVersion = 9;

    /// <summary>Version of ONNX's own operators.</summary>
    public const int Opset = 19;

    /// <summary>Version of the classical machine-learning operators.</summary>
    public const int MlOpset = 4;

    /// <summary>Domain of the classical machine-learning operators.</summary>
    public const string MlDomain = "ai.onnx.ml";

    private static readonly string ProducerVersion =
        typeof(GraphBuilder).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>ONNX Runtime's own operators: a graph that uses them runs there only.</summary>
    public const string EngineDomain = "com.microsoft";

    private readonly GraphBuilder? _outer;
    private readonly SortedSet<string> _usedDomains = new(StringComparer.Ordinal);
    private readonly List<(Edge Edge, string Doc)> _inputs = [];
    private readonly List<Edge> _outputs = [];
    private readonly List<Edge> _values = [];
    private readonly List<(Edge Edge, ReadOnlyMemory<byte> Raw, string[]? Strings)> _initializers = [];
    private readonly Dictionary<(OnnxDataType Type, string Shape, string Key), Edge> _scalars = [];
    private readonly MessageAssembler _nodes = new();
    private int _next;

    /// <summary>Starts an empty graph.</summary>
    public GraphBuilder()
    {
    }

    private GraphBuilder(GraphBuilder outer)
    {
        _outer = outer;
    }

    /// <summary>Number of nodes emitted.</summary>
    public int NodeCount { get; private set; }

    /// <summary>Starts a subgraph (the body of a Loop or a branch of an If); it may use the edges of this one.</summary>
    public GraphBuilder Subgraph() => new(this);

    /// <summary>Adds an input.</summary>
    public Edge Input(string name, OnnxDataType type, params long[] shape) => Input(new Edge(name, type, new TensorShape(shape)));

    /// <summary>Adds an input.</summary>
    public Edge Input(Edge edge)
    {
        _inputs.Add((edge, ""));
        return edge;
    }

    /// <summary>Makes <paramref name="edge"/> an output called <paramref name="name"/>.</summary>
    public void Output(Edge edge, string name)
    {
        Edge named = edge with { Name = name };
        Emit("Identity", "", [edge], [named], []);
        _outputs.Add(named);
    }

    /// <summary>A constant of doubles; rank one when no shape is given.</summary>
    public Edge Constant(ReadOnlySpan<double> values, params long[] shape) => Raw(OnnxDataType.Double, MemoryMarshal.AsBytes(values), values.Length, shape);

    /// <summary>A constant of floats.</summary>
    public Edge Constant(ReadOnlySpan<float> values, params long[] shape) => Raw(OnnxDataType.Float, MemoryMarshal.AsBytes(values), values.Length, shape);

    /// <summary>A constant of 64-bit integers.</summary>
    public Edge Constant(ReadOnlySpan<long> values, params long[] shape) => Raw(OnnxDataType.Int64, MemoryMarshal.AsBytes(values), values.Length, shape);

    /// <summary>A constant of truth values.</summary>
    public Edge Constant(ReadOnlySpan<bool> values, params long[] shape) => Raw(OnnxDataType.Bool, MemoryMarshal.AsBytes(values), values.Length, shape);

    /// <summary>A constant of numbers given by their bytes, which are kept without copying and must not change before the model is built.</summary>
    /// <exception cref="ArgumentException">The bytes do not fill the shape.</exception>
    public Edge Constant(ReadOnlyMemory<byte> raw, OnnxDataType type, TensorShape shape)
    {
        if (!shape.TryGetElementCount(out long elements) || !type.TryGetByteLength(elements, out long length) || length != raw.Length)
        {
            throw new ArgumentException($"{raw.Length} bytes do not fill {shape}", nameof(raw));
        }

        Edge edge = Fresh(type, shape);
        _initializers.Add((edge, raw, null));
        return edge;
    }

    /// <summary>A constant of text.</summary>
    public Edge Constant(IReadOnlyList<string> values, params long[] shape)
    {
        Edge edge = Fresh(OnnxDataType.String, Resolve(shape, values.Count));
        _initializers.Add((edge, default, [.. values]));
        return edge;
    }

    /// <summary>A constant over <paramref name="raw"/>, kept without copying, under a name that the caller keeps unique.</summary>
    public void Constant(Edge edge, ReadOnlyMemory<byte> raw) => _initializers.Add((edge, raw, null));

    /// <summary>A constant of text under a name that the caller keeps unique.</summary>
    public void Constant(Edge edge, IReadOnlyList<string> values) => _initializers.Add((edge, default, [.. values]));

    /// <summary>One number of the given type, shared by all who ask for it.</summary>
    public Edge Scalar(double value, OnnxDataType type = OnnxDataType.Double)
    {
        (OnnxDataType, string, string) key = (type, "", value.ToString("R", CultureInfo.InvariantCulture) + (double.IsNegative(value) ? "-" : ""));
        if (_scalars.TryGetValue(key, out Edge known))
        {
            return known;
        }

        Edge edge = Fresh(type, TensorShape.Scalar);
        byte[] raw = type switch
        {
            OnnxDataType.Double => BitConverter.GetBytes(value),
            OnnxDataType.Float => BitConverter.GetBytes((float)value),
            OnnxDataType.Int64 => BitConverter.GetBytes((long)value),
            OnnxDataType.Int32 => BitConverter.GetBytes((int)value),
            OnnxDataType.Bool => [(byte)(value != 0 ? 1 : 0)],
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
        _initializers.Add((edge, raw, null));
        return _scalars[key] = edge;
    }

    /// <summary>Emits a node of ONNX's own operators with one output.</summary>
    public Edge Node(string operation, IReadOnlyList<Edge> inputs, OnnxDataType type, TensorShape shape, params NodeAttribute[] attributes) =>
        Emit(operation, "", inputs, [Fresh(type, shape)], attributes)[0];

    /// <summary>Emits a node of the classical machine-learning operators with one output.</summary>
    public Edge MlNode(string operation, IReadOnlyList<Edge> inputs, OnnxDataType type, TensorShape shape, params NodeAttribute[] attributes) =>
        Emit(operation, MlDomain, inputs, [Fresh(type, shape)], attributes)[0];

    /// <summary>Emits a node with several outputs of the given types and shapes.</summary>
    public Edge[] Nodes(string operation, string domain, IReadOnlyList<Edge> inputs, IReadOnlyList<(OnnxDataType Type, TensorShape Shape)> outputs, params NodeAttribute[] attributes) =>
        Emit(operation, domain, inputs, [.. outputs.Select(output => Fresh(output.Type, output.Shape))], attributes);

    /// <summary>The whole model file.</summary>
    /// <param name="name">Name of the graph; not empty.</param>
    /// <param name="metadata">Free-form metadata; keys are unique.</param>
    public byte[] BuildModel(string name, IReadOnlyDictionary<string, string> metadata)
    {
        ProtoWriter head = new();
        head.Int64(1, IrVersion);
        head.Text(2, "slipway");
        head.Text(3, ProducerVersion);
        ProtoWriter tail = new();
        List<(string Domain, int Version)> opsets = [("", Opset), (MlDomain, MlOpset)];
        opsets.AddRange(_usedDomains.Select(static domain => (domain, 1)));
        foreach ((string domain, int version) in opsets)
        {
            tail.Message(8, opset =>
            {
                opset.Text(1, domain);
                opset.Int64(2, version);
            });
        }

        foreach ((string key, string value) in metadata.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            tail.Message(14, entry =>
            {
                entry.Text(1, key);
                entry.Text(2, value);
            });
        }

        MessageAssembler model = new();
        model.Add(head.Written);
        model.AddField(7, Assemble(name));
        model.Add(tail.Written);
        return model.ToArray();
    }

    /// <summary>The fields of the GraphProto.</summary>
    public byte[] EncodeGraph(string name) => Assemble(name).ToArray();

    private MessageAssembler Assemble(string name)
    {
        MessageAssembler graph = new();
        graph.Add(_nodes);
        ProtoWriter head = new();
        head.Text(2, name);
        graph.Add(head.Written);
        foreach ((Edge edge, ReadOnlyMemory<byte> raw, string[]? strings) in _initializers)
        {
            graph.AddField(5, TensorHeader(edge, strings), 9, strings is null ? new ReadOnlyMemory<byte>?(raw) : null);
        }

        ProtoWriter tail = new();
        foreach ((Edge input, _) in _inputs)
        {
            tail.Message(11, value => WriteValueInfo(value, input));
        }

        foreach (Edge output in _outputs)
        {
            tail.Message(12, value => WriteValueInfo(value, output));
        }

        HashSet<string> outputs = new(_outputs.Select(static output => output.Name), StringComparer.Ordinal);
        foreach (Edge inner in _values.Where(inner => !outputs.Contains(inner.Name)))
        {
            tail.Message(13, value => WriteValueInfo(value, inner));
        }

        graph.Add(tail.Written);
        return graph;
    }

    /// <summary>Emits a node whose outputs the caller has named, and keeps unique. An input or output that is left out has an empty name.</summary>
    public Edge[] Emit(string operation, string domain, IReadOnlyList<Edge> inputs, Edge[] outputs, IReadOnlyList<NodeAttribute> attributes)
    {
        NodeCount++;
        for (GraphBuilder? builder = this; builder is not null && (domain is EngineDomain or OwnOperators.Domain); builder = builder._outer)
        {
            builder._usedDomains.Add(domain);
        }

        ProtoWriter head = new();
        foreach (Edge input in inputs)
        {
            head.Text(1, input.Name);
        }

        foreach (Edge output in outputs)
        {
            head.Text(2, output.Name);
        }

        head.Text(4, operation);
        if (domain.Length > 0)
        {
            head.Text(7, domain);
        }

        MessageAssembler node = new();
        node.Add(head.Written);
        foreach (NodeAttribute attribute in attributes)
        {
            node.AddField(5, attribute.Encode());
        }

        _nodes.AddField(1, node);
        _values.AddRange(outputs.Where(static output => output.Name.Length > 0));
        return outputs;
    }

    // Names are unique over the graph and all its subgraphs, as ONNX wants them.
    private string NextName() => _outer is null ? $"_{_next++}" : _outer.NextName();

    private Edge Fresh(OnnxDataType type, TensorShape shape) => new(NextName(), type, shape);

    private Edge Raw(OnnxDataType type, ReadOnlySpan<byte> bytes, int count, long[] shape)
    {
        Edge edge = Fresh(type, Resolve(shape, count));
        _initializers.Add((edge, bytes.ToArray(), null));
        return edge;
    }

    private static TensorShape Resolve(long[] shape, int count)
    {
        TensorShape resolved = shape.Length == 0 ? new TensorShape(count) : new TensorShape(shape);
        return resolved.TryGetElementCount(out long elements) && elements == count
            ? resolved
            : throw new ArgumentException($"{count} values do not fill {resolved}", nameof(shape));
    }

    private static ReadOnlyMemory<byte> TensorHeader(Edge edge, string[]? strings)
    {
        ProtoWriter writer = new();
        foreach (long dimension in edge.Shape.Dimensions)
        {
            writer.Int64(1, dimension);
        }

        writer.Int64(2, (long)edge.Type);
        foreach (string text in strings ?? [])
        {
            writer.Bytes(6, Encoding.UTF8.GetBytes(text));
        }

        writer.Text(8, edge.Name);
        return writer.Written;
    }

    private static void WriteValueInfo(ProtoWriter writer, Edge edge)
    {
        writer.Text(1, edge.Name);
        writer.Message(2, type => type.Message(1, tensor =>
        {
            tensor.Int64(1, (long)edge.Type);
            if (edge.IsRankUnknown)
            {
                return;
            }

            tensor.Message(2, shape =>
            {
                for (int i = 0; i < edge.Shape.Rank; i++)
                {
                    long size = edge.Shape[i];
                    shape.Message(1, dimension =>
                    {
                        if (size >= 0)
                        {
                            dimension.Int64(1, size);
                        }
                    });
                }
            });
        }));
    }
}
