namespace Slipway.OnnxRuntime.Models;

/// <summary>
/// Finds operators that quantise their input by the range of all its values, whatever rows these belong to (DynamicQuantizeLinear and what the engine makes of it): what one row becomes
/// then depends on the others. Field numbers are those of onnx.proto.
/// </summary>
internal static class DynamicQuantization
{
    private static ReadOnlySpan<byte> Family => "DynamicQuantize"u8;

    /// <summary>Whether a node is such an operator, or holds a graph with one.</summary>
    /// <param name="node">A NodeProto.</param>
    /// <param name="depth">How many graphs it lies within.</param>
    public static bool IsInNode(ReadOnlySpan<byte> node, int depth)
    {
        bool found = false;
        ProtoReader reader = new(node);
        while (reader.Next())
        {
            found |= reader.Field switch
            {
                4 => reader.Bytes.StartsWith(Family),
                5 => IsInAttribute(reader.Bytes, depth),
                _ => false,
            };
        }

        return found;
    }

    /// <summary>Whether there is one in the body of a FunctionProto.</summary>
    public static bool IsInFunction(ReadOnlySpan<byte> function) => IsInNodes(function, nodeField: 7, depth: 0);

    private static bool IsInAttribute(ReadOnlySpan<byte> attribute, int depth)
    {
        bool found = false;
        ProtoReader reader = new(attribute);
        while (reader.Next())
        {
            found |= reader.Field is 6 or 11 && IsInNodes(reader.Bytes, nodeField: 1, ModelNesting.Deeper(depth));
        }

        return found;
    }

    private static bool IsInNodes(ReadOnlySpan<byte> message, int nodeField, int depth)
    {
        bool found = false;
        ProtoReader reader = new(message);
        while (reader.Next())
        {
            found |= reader.Field == nodeField && IsInNode(reader.Bytes, depth);
        }

        return found;
    }
}
