using Slipway.Formats.Onnx;
using Slipway.Formats.Protobuf;
using Slipway.TestKit;

namespace Slipway.Inference.Tests.Scheduling;

/// <summary>
/// Makes small ONNX models over FP32 <c>x [batch, width]</c> at random: operators that take each row by itself, and now and then one that looks at several. A signature tells nothing of the
/// difference: every output has a free first dimension.
/// </summary>
internal sealed class RandomGraph(Random random)
{
    private const int MostSteps = 5;

    private readonly OnnxModelBuilder _builder = new OnnxModelBuilder().Opset("", 15);
    private int _made;
    private int _width;

    /// <summary>Values in a row of the input.</summary>
    public int Width { get; private set; }

    /// <summary>Whether no operator looks at more than one row.</summary>
    public bool AreRowsIndependent { get; private set; } = true;

    /// <summary>Operators in order, for messages.</summary>
    public List<string> Steps { get; } = [];

    public byte[] Build()
    {
        Width = _width = random.Next(1, 7);
        _builder.Input("x", OnnxDataType.Float, "batch", Width);
        string value = "x";
        int steps = random.Next(1, MostSteps + 1);
        for (int i = 0; i < steps; i++)
        {
            value = Step(value);
        }

        if (random.Next(3) == 0)
        {
            Steps.Add("means");
            _builder.Node("ReduceMean", [value], ["means"], "", OnnxAttributes.Ints("axes", 1), OnnxAttributes.Int("keepdims", 0)).Output("means", OnnxDataType.Float, "batch");
        }

        return _builder.Node("Identity", [value], ["y"]).Output("y", OnnxDataType.Float, "batch", _width).Build();
    }

    private string Step(string value)
    {
        (string Name, Func<string, string> Add)[] byRow =
        [
            ("add", from => Node("Add", [from, Floats(_width)])),
            ("scale", from => Node("Mul", [from, Floats(_width)])),
            ("matmul", MatMul),
            ("relu", from => Node("Relu", [from])),
            ("tanh", from => Node("Tanh", [from])),
            ("sigmoid", from => Node("Sigmoid", [from])),
            ("softmax", from => Node("Softmax", [from], OnnxAttributes.Int("axis", 1))),
            ("twice", Twice),
            ("turned", from => Node("Transpose", [Node("Neg", [Node("Transpose", [from])])])),
            ("cumulated", from => Node("CumSum", [from, Integers(1)])),
        ];
        (string Name, Func<string, string> Add)[] overRows =
        [
            ("softmax of columns", from => Node("Softmax", [from], OnnxAttributes.Int("axis", 0))),
            ("centred columns", from => Node("Sub", [from, Node("ReduceMean", [from], OnnxAttributes.Ints("axes", 0))])),
            ("cumulated columns", from => Node("CumSum", [from, Integers(0)])),
            ("less the first row", from => Node("Sub", [from, Node("Gather", [from, Integers(0)])])),
            ("quantised", Quantised),
            ("scaled by the largest", from => Node("Div", [from, Node("ReduceMax", [Node("Abs", [from])])])),
        ];
        bool looksAround = random.Next(MostSteps) == 0;
        AreRowsIndependent &= !looksAround;
        (string name, Func<string, string> add) = looksAround ? overRows[random.Next(overRows.Length)] : byRow[random.Next(byRow.Length)];
        Steps.Add(name);
        return add(value);
    }

    private string MatMul(string from)
    {
        int width = random.Next(1, 7);
        string weights = Name();
        _builder.Constant(weights, Values(_width * width), _width, width);
        _width = width;
        return Node("MatMul", [from, weights]);
    }

    private string Twice(string from)
    {
        _width *= 2;
        return Node("Concat", [from, from], OnnxAttributes.Int("axis", 1));
    }

    private string Quantised(string from)
    {
        (string quantised, string scale, string zero) = (Name(), Name(), Name());
        _builder.Node("DynamicQuantizeLinear", [from], [quantised, scale, zero]);
        return Node("DequantizeLinear", [quantised, scale, zero]);
    }

    private string Node(string type, string[] inputs, params Action<ProtoWriter>[] attributes)
    {
        string output = Name();
        _builder.Node(type, inputs, [output], "", attributes);
        return output;
    }

    private string Floats(int count)
    {
        string name = Name();
        _builder.Constant(name, Values(count), count);
        return name;
    }

    private string Integers(params long[] values)
    {
        string name = Name();
        _builder.Constant(name, values, values.Length);
        return name;
    }

    private float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];

    private string Name() => $"v{_made++}";
}
