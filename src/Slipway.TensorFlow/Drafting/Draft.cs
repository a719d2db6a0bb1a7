using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Drafting;

/// <summary>
/// Makes terms. What is known already is computed here (sizes above all), transposes are moved towards the outputs and cancel, and nothing is written until
/// <see cref="DraftEmitter"/> is told which terms are the outputs. Not thread-safe.
/// </summary>
internal sealed class Draft
{
    /// <summary>The model's graph.</summary>
    public Scope Root { get; } = Scope.Root();

    /// <summary>What steps are made for at the moment; names in the file begin with it.</summary>
    public string Label { get; set; } = "";

    /// <summary>A known value.</summary>
    public Term Constant(TensorData data) => new() { Type = data.Type.ToOnnx(), Shape = data.Shape, Scope = Root, Constant = data };

    /// <summary>Known 64-bit integers; a vector when no shape is given.</summary>
    public Term Integers(ReadOnlySpan<long> values, PartialShape? shape = null) =>
        Constant(new TensorData(TensorFlowType.Int64, shape ?? new PartialShape(values.Length), MemoryMarshal.AsBytes(values).ToArray()));

    /// <summary>Known floats; a vector when no shape is given.</summary>
    public Term Floats(ReadOnlySpan<float> values, PartialShape? shape = null) =>
        Constant(new TensorData(TensorFlowType.Float, shape ?? new PartialShape(values.Length), MemoryMarshal.AsBytes(values).ToArray()));

    /// <summary>One number of any numeric type.</summary>
    public Term Scalar(double value, OnnxDataType type) => Constant(Number(value, type, PartialShape.Scalar));

    /// <summary>One number as a vector of one.</summary>
    public Term Single(double value, OnnxDataType type) => Constant(Number(value, type, new PartialShape(1)));

    /// <summary>An input of the model or of a body.</summary>
    public Term Input(string name, OnnxDataType type, PartialShape shape, Scope? scope = null) =>
        new() { Name = name, Type = type, Shape = shape, Scope = scope ?? Root };

    /// <summary>A value of a graph around <paramref name="scope"/>, to be used in it: what is made of it is computed there and not outside.</summary>
    public static Term Capture(Term term, Scope scope) => term.IsConstant ? term : new()
    {
        Type = term.Type,
        Shape = term.Shape,
        Scope = scope,
        Alias = term,
        Elements = term.Elements,
    };

    /// <summary>A node of ONNX's own operators with one output.</summary>
    public Term Node(string operation, IReadOnlyList<Term?> inputs, OnnxDataType type, PartialShape shape, params NodeAttribute[] attributes) =>
        Make(Begin(operation, inputs, attributes), type, shape);

    /// <summary>A node of the classical machine-learning operators with one output.</summary>
    public Term MlNode(string operation, IReadOnlyList<Term?> inputs, OnnxDataType type, PartialShape shape, params NodeAttribute[] attributes) =>
        Make(Begin(operation, inputs, attributes, GraphBuilder.MlDomain), type, shape);

    /// <summary>A node with several outputs.</summary>
    public IReadOnlyList<Term> Nodes(
        string operation, IReadOnlyList<Term?> inputs, IReadOnlyList<(OnnxDataType Type, PartialShape Shape)> outputs, params NodeAttribute[] attributes)
    {
        Step step = Begin(operation, inputs, attributes);
        step.Outputs = [.. outputs.Select(output => new Term { Type = output.Type, Shape = output.Shape, Scope = step.Scope, Producer = step })];
        return step.Outputs;
    }

    /// <summary>A node of Slipway's own operators on text with one output.</summary>
    public Term TextNode(string operation, IReadOnlyList<Term?> inputs, OnnxDataType type, PartialShape shape, params NodeAttribute[] attributes) =>
        TextNodes(operation, inputs, [(type, shape)], attributes)[0];

    /// <summary>A node of Slipway's own operators on text.</summary>
    public IReadOnlyList<Term> TextNodes(
        string operation, IReadOnlyList<Term?> inputs, IReadOnlyList<(OnnxDataType Type, PartialShape Shape)> outputs, params NodeAttribute[] attributes)
    {
        if (operation != "TextFormat" && inputs[^1]!.Type != OnnxDataType.String && inputs[0]!.Type != OnnxDataType.String)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"its input is {inputs[0]!.Type} and no text");
        }

        Step step = Begin(operation, inputs, attributes, OwnOperators.Domain);
        step.Outputs = [.. outputs.Select(output => new Term { Type = output.Type, Shape = output.Shape, Scope = step.Scope, Producer = step })];
        return step.Outputs;
    }

    /// <summary>A node that runs graphs of its own.</summary>
    public IReadOnlyList<Term> Control(
        string operation, IReadOnlyList<Term?> inputs, IReadOnlyList<StepBody> bodies, IReadOnlyList<(OnnxDataType Type, PartialShape Shape)> outputs)
    {
        IEnumerable<Scope> around = bodies.SelectMany(body => ScopeOf.Captured(body)).Append(Deepest(inputs));
        Step step = new() { Operation = operation, Inputs = inputs, Bodies = bodies, Scope = around.MaxBy(static scope => scope.Depth)!, Label = Label };
        step.Outputs = [.. outputs.Select(output => new Term { Type = output.Type, Shape = output.Shape, Scope = step.Scope, Producer = step })];
        return step.Outputs;
    }

    /// <summary>A node whose elements, or some of them, are known: the value itself when all are.</summary>
    public Term Known(Func<Term> node, OnnxDataType type, PartialShape shape, long?[]? elements)
    {
        if (elements is null || !shape.IsStatic || elements.Length != shape.ElementCount())
        {
            return node();
        }

        if (Array.TrueForAll(elements, static element => element is not null))
        {
            return Constant(Integer(elements, type, shape));
        }

        Term term = node();
        return term.IsConstant ? term : new Term { Type = term.Type, Shape = shape, Scope = term.Scope, Producer = term.Producer, Alias = term, Elements = elements };
    }

    /// <summary>The same value, of which more is known about the shape.</summary>
    public static Term WithShape(Term term, PartialShape shape) => term.IsConstant || term.Shape == shape
        ? term
        : new() { Name = term.Name, Type = term.Type, Shape = shape, Scope = term.Scope, Producer = term.Producer, Alias = term, Elements = term.Elements };

    /// <summary>Starts a transpose: see <see cref="Layouts"/>.</summary>
    internal Term TransposeNode(Term term, long[] permutation, PartialShape shape) => Make(
        new Step
        {
            Operation = "Transpose",
            Inputs = [term],
            Attributes = [NodeAttribute.Of("perm", permutation)],
            Scope = term.Scope,
            Label = Label,
            Permutation = permutation,
        },
        term.Type,
        shape);

    /// <summary>Starts a change of type; <paramref name="isLossless"/> when the numbers are sure to fit.</summary>
    internal Term CastNode(Term term, OnnxDataType type, bool isLossless) => Make(
        new Step
        {
            Operation = "Cast",
            Inputs = [term],
            Attributes = [NodeAttribute.Of("to", (long)type)],
            Scope = term.Scope,
            Label = Label,
            IsLossless = isLossless,
        },
        type,
        term.Shape);

    private static Term Make(Step step, OnnxDataType type, PartialShape shape)
    {
        Term term = new() { Type = type, Shape = shape, Scope = step.Scope, Producer = step };
        step.Outputs = [term];
        return term;
    }

    private Step Begin(string operation, IReadOnlyList<Term?> inputs, NodeAttribute[] attributes, string domain = "") => new()
    {
        Operation = operation,
        Domain = domain,
        Inputs = inputs,
        Attributes = attributes,
        Scope = Deepest(inputs),
        Label = Label,
    };

    private Scope Deepest(IReadOnlyList<Term?> inputs) => inputs.Select(static input => input?.Scope).OfType<Scope>().Append(Root).MaxBy(static scope => scope.Depth)!;

    private static TensorData Integer(long?[] elements, OnnxDataType type, PartialShape shape)
    {
        byte[] raw = [.. elements.SelectMany(element => Encode(element!.Value, type))];
        return new TensorData(OnnxTypes.ToTensorFlow(type), shape, raw);
    }

    private static TensorData Number(double value, OnnxDataType type, PartialShape shape) => new(OnnxTypes.ToTensorFlow(type), shape, type switch
    {
        OnnxDataType.Float => BitConverter.GetBytes((float)value),
        OnnxDataType.Double => BitConverter.GetBytes(value),
        OnnxDataType.Float16 => BitConverter.GetBytes((Half)value),
        _ => Encode((long)value, type),
    });

    private static byte[] Encode(long value, OnnxDataType type) => BitConverter.GetBytes(value)[..OnnxTypes.ToTensorFlow(type).ByteLength()];
}
