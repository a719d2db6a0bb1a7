using System.Text;
using Slipway.Core;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators;

/// <summary>
/// Parsing of tf.Example. ONNX has nothing like it; where the features are dense, the graph is cut behind the parser and each feature becomes an input of its own
/// name, <c>[N, …]</c>.
/// </summary>
internal static class ExampleOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        new("ParseExample", static call => Parse(call, Keys(call, 2 + ParsedFeatures.SparseCount(call.Node)), 2 + ParsedFeatures.SparseCount(call.Node) + ParsedFeatures.DenseCount(call.Node)), "dense features of fixed shape; they become inputs"),
        new("ParseExampleV2", static call => Parse(call, call.Constant(3, "list of dense features").Strings ?? [], 5), "dense features of fixed shape; they become inputs"),
    ];

    private static byte[][] Keys(OperatorCall call, int first) =>
        [.. Enumerable.Range(first, ParsedFeatures.DenseCount(call.Node)).Select(input => call.Constant(input, "name of a feature").Strings is [{ } key] ? key : throw new SlipwayException(ErrorCode.InvalidModel, "a feature's name is not one string"))];

    private static IReadOnlyList<Value> Parse(OperatorCall call, byte[][] keys, int firstDefault)
    {
        int sparse = ParsedFeatures.SparseCount(call.Node);
        IReadOnlyList<AttributeValue> types = call.Value("Tdense")?.List ?? [];
        IReadOnlyList<AttributeValue> shapes = call.Value("dense_shapes")?.List ?? [];
        if (keys.Length != types.Count || keys.Length != shapes.Count)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"it names {keys.Length} dense features and describes {types.Count}");
        }

        if (call.Tensor(0).Name is { Length: > 0 } source)
        {
            call.Evaluator.Features.Source = source;
        }

        MissingValue refused = new("sparse and ragged features of tf.Example are not converted; export a signature that takes tensors");
        List<Value> outputs = [.. Enumerable.Repeat(refused, 3 * sparse)];
        for (int i = 0; i < keys.Length; i++)
        {
            bool isNeeded = call.Wanted.Contains(outputs.Count);
            outputs.Add(isNeeded
                ? Feature(call, Encoding.UTF8.GetString(keys[i]), types[i].Type ?? TensorFlowType.Invalid, shapes[i].Shape ?? PartialShape.Unknown, firstDefault + i)
                : refused);
        }

        return [.. outputs, .. Enumerable.Repeat(refused, 16)];
    }

    private static Value Feature(OperatorCall call, string name, TensorFlowType type, PartialShape shape, int defaultInput)
    {
        if (!shape.IsStatic)
        {
            return new MissingValue($"feature '{name}' has rows of varying length, which are not converted; export a signature that takes tensors");
        }

        // A default that is computed is none that could be filled in before the graph.
        TensorData? absent = defaultInput < call.Inputs.Count ? call.TryTensor(defaultInput)?.Constant : null;
        return call.Evaluator.Features.GetOrAdd(name, absent, () => call.Draft.Input(name, type.ToOnnx(), new PartialShape([-1, .. shape.Dimensions])));
    }
}
