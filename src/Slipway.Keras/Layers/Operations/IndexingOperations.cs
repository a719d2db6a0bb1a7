using System.Text.Json;
using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers.Operations;

/// <summary>Parts of tensors: <c>x[:, 0]</c>, values at positions, and positions as vectors.</summary>
internal static class IndexingOperations
{
    public static IEnumerable<KeyValuePair<string, Func<OperationCall, IReadOnlyList<Edge>>>> All { get; } =
    [
        ElementwiseOperations.One("GetItem", static call => Item(call, call.Find(1, "key", "slice_spec")?.Literal ?? throw call.Call.Layer.NotSupported("its positions are tensors"))),
        ElementwiseOperations.One("Take", Take),
        ElementwiseOperations.One("OneHot", OneHot),
    ];

    // As Python's indexing: a slice, a number (its dimension vanishes), null (a new dimension), or dots for all that is not named.
    private static Edge Item(OperationCall call, JsonElement key)
    {
        GraphBuilder graph = call.Graph;
        Edge x = call.X;
        JsonElement[] items = key.ValueKind == JsonValueKind.Array ? [.. key.EnumerateArray()] : [key];
        int named = items.Count(static item => item.ValueKind != JsonValueKind.Null && !IsDots(item));
        if (named > x.Rank || items.Count(IsDots) > 1)
        {
            throw call.Call.Layer.Invalid($"{named} positions are named where there are {x.Rank} dimensions");
        }

        int axis = 0;
        List<long> vanishing = [];
        List<long> appearing = [];
        int result = 0;
        foreach (JsonElement item in items)
        {
            if (IsDots(item))
            {
                result += x.Rank - named;
                axis += x.Rank - named;
                continue;
            }

            switch (item.ValueKind)
            {
                case JsonValueKind.Null:
                    appearing.Add(result++);
                    break;
                case JsonValueKind.Number:
                    long position = item.GetInt64();
                    x = graph.Slice(x, axis, position, position == -1 ? null : position + 1);
                    vanishing.Add(axis++);
                    break;
                case JsonValueKind.Object:
                    x = Part(call, x, axis++, item);
                    result++;
                    break;
                default:
                    throw call.Call.Layer.NotSupported("it is indexed by something that is neither a number nor a slice");
            }
        }

        x = vanishing.Count > 0 ? graph.Squeeze(x, [.. vanishing]) : x;
        return appearing.Count > 0 ? graph.Unsqueeze(x, [.. appearing]) : x;
    }

    private static bool IsDots(JsonElement item) => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("class_name", out JsonElement name) && name.ValueEquals("__ellipsis__");

    private static Edge Part(OperationCall call, Edge x, int axis, JsonElement item)
    {
        JsonElement slice = item.TryGetProperty("config", out JsonElement config) ? config : item;
        long? Bound(string name) => !slice.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null ? null
            : value.ValueKind == JsonValueKind.Number ? value.GetInt64()
            : throw call.Call.Layer.NotSupported("a bound of a slice is no number");
        long? start = Bound("start");
        long? stop = Bound("stop");
        long step = Bound("step") ?? 1;
        if (step == 1)
        {
            return start is null or 0 && stop is null ? x : call.Graph.Slice(x, axis, start ?? 0, stop);
        }

        if (step == 0)
        {
            throw call.Call.Layer.Invalid("a slice has no step");
        }

        GraphBuilder graph = call.Graph;
        long[] shape = x.Shape.Dimensions.ToArray();
        shape[axis] = shape[axis] < 0 ? -1 : Length(shape[axis], start, stop, step);
        return graph.Node(
            "Slice",
            [x, graph.Constant([start ?? (step > 0 ? 0 : -1)]), graph.Constant([stop ?? (step > 0 ? long.MaxValue : long.MinValue)]), graph.Constant([(long)axis]), graph.Constant([step])],
            x.Type,
            new TensorShape(shape));
    }

    private static long Length(long size, long? start, long? stop, long step)
    {
        long Bounded(long bound) => bound < 0 ? Math.Max(bound + size, step > 0 ? 0 : -1) : Math.Min(bound, step > 0 ? size : size - 1);
        long first = start is { } from ? Bounded(from) : step > 0 ? 0 : size - 1;
        long end = stop is { } to ? Bounded(to) : step > 0 ? size : -1;
        return step > 0 ? Math.Max(0, (end - first + step - 1) / step) : Math.Max(0, (first - end - step - 1) / -step);
    }

    private static Edge Take(OperationCall call)
    {
        Edge x = call.X;
        if (call.Find(1, "indices") is not { } given || call.Integers("axis") is null)
        {
            throw call.Call.Layer.NotSupported("it takes values of all dimensions, samples included");
        }

        int axis = call.Axis(x, 0);
        if (given.Tensors is [var indices])
        {
            return call.Graph.Gather(x, call.Graph.Cast(indices.Edge, OnnxDataType.Int64), axis);
        }

        return given.Literal.ValueKind switch
        {
            JsonValueKind.Number => call.Graph.Gather(x, call.Graph.Scalar(given.Literal.GetInt64(), OnnxDataType.Int64), axis),
            JsonValueKind.Array => call.Graph.Gather(x, call.Graph.Constant([.. given.Literal.EnumerateArray().Select(static item => item.GetInt64())]), axis),
            _ => throw call.Call.Layer.NotSupported("its positions are neither a tensor nor numbers"),
        };
    }

    private static Edge OneHot(OperationCall call)
    {
        long depth = call.Integers("num_classes", "depth")?[0] ?? throw call.Call.Config.Missing("num_classes");
        if (depth is < 1 or > 1 << 24 || (call.Integers("axis") ?? [-1])[0] != -1)
        {
            throw call.Call.Layer.NotSupported("its vectors are not the last dimension, or very long");
        }

        GraphBuilder graph = call.Graph;
        Edge index = graph.Cast(call.Tensor(0, "x", "indices"), OnnxDataType.Int64);
        Edge valid = graph.Where(graph.Less(index, graph.Scalar(0, OnnxDataType.Int64)), graph.Scalar(depth, OnnxDataType.Int64), index);
        return graph.Node(
            "OneHot", [valid, graph.Constant([depth]), graph.Constant([0f, 1f])], OnnxDataType.Float, new TensorShape([.. valid.Shape.Dimensions, depth]), NodeAttribute.Of("axis", -1));
    }
}
