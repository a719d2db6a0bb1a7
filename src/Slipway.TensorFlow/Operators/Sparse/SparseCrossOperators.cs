using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.Sparse;

/// <summary>Crossed features: every combination of one value of each feature in a row, as a bucket.</summary>
internal static class SparseCrossOperators
{
    // The multiplier and the shift of FarmHash's way to put two fingerprints together.
    private const long Multiplier = unchecked((long)0xc6a4a7935bd1e995UL);
    private const int Shift = 47;

    public static IEnumerable<KnownOperator> All { get; } = [new("SparseCross", Cross, "hashed")];

    private static IReadOnlyList<Value> Cross(OperatorCall call)
    {
        Draft draft = call.Draft;
        long buckets = call.Attribute("num_buckets", 0L);
        if (!call.Flag("hashed_output") || buckets < 0)
        {
            throw OperatorCall.NotSupported("combinations that are not hashed are not converted");
        }

        int sparse = (int)call.Attribute("N", 0L);
        Feature[] features =
        [
            .. Enumerable.Range(0, sparse).Select(i => Sparse(draft, draft.Long(call.Tensor(i)), call.Tensor(sparse + i), draft.Long(call.Tensor((2 * sparse) + i)))),
            .. Enumerable.Range(3 * sparse, call.Inputs.Count - (3 * sparse)).Select(i => Dense(draft, call.Tensor(i))),
        ];
        Term totals = features.Select(static feature => feature.Lengths).Aggregate(draft.Mul);
        Term splits = SparseParts.Splits(draft, totals);
        (Term rows, Term places) = RaggedOperators.Spread(draft, splits);
        Term hash = draft.Integers([call.Attribute("hash_key", 0L)], PartialShape.Scalar);
        Term one = draft.Scalar(1, OnnxDataType.Int64);
        Term behind = places;
        Term[] chosen = new Term[features.Length];

        // The last feature's values change fastest.
        for (int i = features.Length - 1; i >= 0; i--)
        {
            Term length = draft.Max(draft.Gather(features[i].Lengths, rows, 0), one);
            Term next = draft.Div(behind, length);
            Term own = draft.Sub(behind, draft.Mul(next, length));
            chosen[i] = draft.Gather(features[i].Hashes, draft.Add(draft.Gather(features[i].Starts, rows, 0), own), 0);
            behind = next;
        }

        hash = chosen.Aggregate(hash, (all, part) => Joined(draft, all, part));
        Term bucket = draft.Cast(
            draft.Node("Mod", [draft.Cast(hash, OnnxDataType.UInt64), draft.Scalar(buckets > 0 ? buckets : long.MaxValue, OnnxDataType.UInt64)], OnnxDataType.UInt64, hash.Shape), OnnxDataType.Int64);
        Term positions = draft.Concat([draft.Unsqueeze(rows, 1), draft.Unsqueeze(places, 1)], 1);
        return [positions, bucket, draft.Concat([draft.Shape(totals), SparseParts.Longest(draft, totals)], 0)];
    }

    /// <summary>Two 64-bit fingerprints as one.</summary>
    public static Term Joined(Draft draft, Term first, Term second)
    {
        Term multiplier = draft.Integers([Multiplier], PartialShape.Scalar);
        Term mixed = draft.Mul(Mixed(draft, draft.Mul(second, multiplier)), multiplier);
        Term both = draft.Mul(draft.Binary("BitwiseXor", draft.Binary("BitwiseXor", first, multiplier), mixed), multiplier);
        return Mixed(draft, draft.Mul(Mixed(draft, both), multiplier));
    }

    // The upper bits over the lower ones.
    private static Term Mixed(Draft draft, Term value)
    {
        Term bits = draft.Cast(value, OnnxDataType.UInt64);
        Term upper = draft.Node("BitShift", [bits, draft.Scalar(Shift, OnnxDataType.UInt64)], OnnxDataType.UInt64, bits.Shape, NodeAttribute.Of("direction", "RIGHT"));
        return draft.Cast(draft.Binary("BitwiseXor", bits, upper), OnnxDataType.Int64);
    }

    private static Feature Sparse(Draft draft, Term positions, Term values, Term sizes)
    {
        Term lengths = SparseParts.Lengths(draft, SparseParts.Along(draft, positions, 0), SparseParts.Size(draft, sizes, 0));
        return new Feature(lengths, SparseParts.Starts(draft, lengths), Hashed(draft, values));
    }

    private static Feature Dense(Draft draft, Term values)
    {
        if (OperatorCall.Rank(values) != 2)
        {
            throw OperatorCall.NotSupported("features that are no matrices are not converted");
        }

        Term sizes = draft.Shape(values);
        Term lengths = draft.Expand(SparseParts.Size(draft, sizes, 1), SparseParts.Size(draft, sizes, 0));
        return new Feature(lengths, SparseParts.Starts(draft, lengths), Hashed(draft, draft.Reshape(values, -1)));
    }

    private static Term Hashed(Draft draft, Term values) => values.Type == OnnxDataType.String
        ? draft.TextNode("TextHash", [values], OnnxDataType.Int64, values.Shape, NodeAttribute.Of("method", "farm"))
        : draft.Long(values);

    /// <summary>How many values each row has, where they begin, and their fingerprints.</summary>
    private sealed record Feature(Term Lengths, Term Starts, Term Hashes);
}
