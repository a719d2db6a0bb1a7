using System.Text;
using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;
using Slipway.TensorFlow.Operators.Shapes;

namespace Slipway.TensorFlow.Operators.Sparse;

/// <summary>
/// Parsing of tf.Example. ONNX has nothing like it: the graph is cut behind the parser and each feature becomes an input of its own name, <c>[N, …]</c>. One with rows of varying length is filled up to
/// a rectangle <c>[N, L]</c>; where the graph has to know how long the rows are, a second input <c>NAME.length</c> says it.
/// </summary>
internal static class ExampleOperators
{
    private const string Limits = "features become inputs; ragged ones of one dimension";

    /// <summary>What is put behind a feature's name to name the input of its lengths.</summary>
    private const string LengthSuffix = ".length";

    public static IEnumerable<KnownOperator> All { get; } =
    [
        new("ParseExample", ParseFirst, Limits),
        new("ParseExampleV2", ParseSecond, Limits),
    ];

    private static Value[] ParseFirst(OperatorCall call)
    {
        int sparse = ParsedFeatures.SparseCount(call.Node);
        int dense = ParsedFeatures.DenseCount(call.Node);
        return Parse(call, Keys(call, 2, sparse), Keys(call, 2 + sparse, dense), [], 2 + sparse + dense);
    }

    private static Value[] ParseSecond(OperatorCall call) => Parse(
        call,
        call.Constant(2, "list of sparse features").Strings ?? [],
        call.Constant(3, "list of dense features").Strings ?? [],
        call.Constant(4, "list of ragged features").Strings ?? [],
        5);

    private static byte[][] Keys(OperatorCall call, int first, int count) =>
        [.. Enumerable.Range(first, count).Select(input => call.Constant(input, "name of a feature").Strings is [{ } key] ? key : throw new SlipwayException(ErrorCode.InvalidModel, "a feature's name is not one string"))];

    private static Value[] Parse(OperatorCall call, byte[][] sparse, byte[][] dense, byte[][] ragged, int firstDefault)
    {
        IReadOnlyList<AttributeValue> sparseTypes = Described(call, "sparse_types", sparse);
        IReadOnlyList<AttributeValue> denseTypes = Described(call, "Tdense", dense);
        IReadOnlyList<AttributeValue> shapes = Described(call, "dense_shapes", dense);
        IReadOnlyList<AttributeValue> raggedTypes = Described(call, "ragged_value_types", ragged);
        IReadOnlyList<AttributeValue> splitTypes = Described(call, "ragged_split_types", ragged);
        Term examples = call.Tensor(0);
        if (examples.Name.Length > 0)
        {
            call.Evaluator.Features.Source = examples.Name;
        }

        if (call.Operation == "ParseExampleV2" && examples.Shape.HasRank && examples.Shape.Rank == 0)
        {
            throw OperatorCall.NotSupported("a single example that is no vector is not converted");
        }

        HashSet<string> names = [.. sparse.Concat(dense).Concat(ragged).Select(Encoding.UTF8.GetString)];
        int passed = 3 * sparse.Length;
        Value[] outputs = [.. Enumerable.Repeat(new MissingValue("it was not asked for"), passed + dense.Length + (2 * ragged.Length))];
        for (int i = 0; i < sparse.Length; i++)
        {
            if (IsWanted(call, i, i + sparse.Length, i + (2 * sparse.Length)))
            {
                Rows rows = Varying(call, sparse[i], sparseTypes[i].Type, names);
                (outputs[i], outputs[i + sparse.Length], outputs[i + (2 * sparse.Length)]) = (rows.Positions, rows.Values, rows.Size);
            }
        }

        for (int i = 0; i < dense.Length; i++)
        {
            if (IsWanted(call, passed + i))
            {
                outputs[passed + i] = Feature(call, Encoding.UTF8.GetString(dense[i]), denseTypes[i].Type ?? TensorFlowType.Invalid, shapes[i].Shape ?? PartialShape.Unknown, firstDefault + i);
            }
        }

        passed += dense.Length;
        for (int i = 0; i < ragged.Length; i++)
        {
            if (IsWanted(call, passed + i, passed + ragged.Length + i))
            {
                Rows rows = Varying(call, ragged[i], raggedTypes[i].Type, names);
                (outputs[passed + i], outputs[passed + ragged.Length + i]) = (rows.Values, call.Index(rows.Splits, splitTypes[i].Type ?? TensorFlowType.Int64));
            }
        }

        return outputs;
    }

    private static bool IsWanted(OperatorCall call, params int[] outputs) => outputs.Any(call.Wanted.Contains);

    private static IReadOnlyList<AttributeValue> Described(OperatorCall call, string attribute, byte[][] keys)
    {
        IReadOnlyList<AttributeValue> list = call.Value(attribute)?.List ?? [];
        return list.Count == keys.Length ? list : throw new SlipwayException(ErrorCode.InvalidModel, $"it names {keys.Length} features and describes {list.Count} ('{attribute}')");
    }

    // A default that is computed is none that could be filled in before the graph.
    private static Term Feature(OperatorCall call, string name, TensorFlowType type, PartialShape shape, int defaultInput)
    {
        TensorData? absent = defaultInput < call.Inputs.Count ? call.TryTensor(defaultInput)?.Constant : null;
        if (shape.IsStatic)
        {
            return call.Evaluator.Features.GetOrAdd(name, absent, () => call.Draft.Input(name, type.ToOnnx(), new PartialShape([-1, .. shape.Dimensions])));
        }

        // Rows of several steps of a fixed shape each, filled up with one value.
        return shape.HasRank && shape.Rank > 0 && new PartialShape(shape.ToArray()[1..]).IsStatic && absent is { Count: <= 1 }
            ? call.Evaluator.Features.GetOrAddPadded(name, absent, () => call.Draft.Input(name, type.ToOnnx(), new PartialShape([-1, .. shape.Dimensions])))
            : throw OperatorCall.NotSupported($"feature '{name}' has rows of the shape {shape}, which are not converted");
    }

    // The values that count are taken out of the rectangle: their positions, the values, and the size of the smallest rectangle that holds them.
    private static Rows Varying(OperatorCall call, byte[] key, TensorFlowType? type, HashSet<string> names)
    {
        Draft draft = call.Draft;
        string name = Encoding.UTF8.GetString(key);
        if (names.Contains(name + LengthSuffix))
        {
            throw OperatorCall.NotSupported($"the features '{name}' and '{name + LengthSuffix}' can't both be inputs");
        }

        (Term input, Term length) = call.Evaluator.Features.GetOrAddSparse(name, () => (
            draft.Input(name, (type ?? TensorFlowType.Invalid).ToOnnx(), new PartialShape(-1, -1)),
            draft.Input(name + LengthSuffix, OnnxDataType.Int64, new PartialShape(-1))));
        Term width = SparseParts.Size(draft, draft.Shape(input), 1);
        Term counts = draft.Less(draft.Unsqueeze(SparseParts.Count(draft, width), 0), draft.Unsqueeze(length, 1));
        Term positions = draft.Node("Transpose", [draft.Node("NonZero", [counts], OnnxDataType.Int64, new PartialShape(2, -1))], OnnxDataType.Int64, new PartialShape(-1, 2));
        return new Rows(
            positions,
            GatherOperators.GatherNd(draft, input, positions, 0),
            draft.Concat([draft.Shape(length), SparseParts.Longest(draft, length)], 0),
            SparseParts.Splits(draft, length));
    }

    /// <summary>Rows of varying length, as a sparse matrix and as a ragged one.</summary>
    private sealed record Rows(Term Positions, Term Values, Term Size, Term Splits);
}
