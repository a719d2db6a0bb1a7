using System.Text;

namespace Slipway.OnnxRuntime.Models;

/// <summary>
/// Finds tensors that keep their data in a file, wherever a model may have tensors. Field numbers are those of onnx.proto. Everything is looked through, also behind a find: a part that
/// is malformed or nests too deep is refused wherever it lies.
/// </summary>
internal static class ExternalTensors
{
    private const int ExternalLocation = 1;

    /// <summary>Whether there is one in a function (field 25 of a model) or in its training information (field 20).</summary>
    public static bool IsInFunction(int field, ReadOnlySpan<byte> message)
    {
        bool found = false;
        ProtoReader reader = new(message);
        while (reader.Next())
        {
            if (field == 25 && reader.Field == 7)
            {
                found |= IsInNode(reader.Bytes, depth: 0);
            }
            else if (field == 25 && reader.Field == 11)
            {
                found |= IsInAttribute(reader.Bytes, depth: 0);
            }
            else if (field == 20 && reader.Field is 1 or 2)
            {
                found |= IsInGraph(reader.Bytes, depth: 0);
            }
        }

        return found;
    }

    /// <summary>Whether there is one in a node: in an attribute, or in a graph that it holds.</summary>
    /// <param name="node">The node.</param>
    /// <param name="depth">How many graphs it lies within.</param>
    public static bool IsInNode(ReadOnlySpan<byte> node, int depth)
    {
        bool found = false;
        ProtoReader reader = new(node);
        while (reader.Next())
        {
            if (reader.Field == 5)
            {
                found |= IsInAttribute(reader.Bytes, depth);
            }
        }

        return found;
    }

    /// <summary>Whether a sparse tensor keeps its values or indices in a file.</summary>
    public static bool IsInSparse(ReadOnlySpan<byte> sparse)
    {
        bool found = false;
        ProtoReader reader = new(sparse);
        while (reader.Next())
        {
            if (reader.Field is 1 or 2)
            {
                found |= Location(reader.Bytes) is not null;
            }
        }

        return found;
    }

    /// <summary>The location of a tensor that keeps its data outside the file; null for one that does not, empty when it names none.</summary>
    public static string? Location(ReadOnlySpan<byte> tensor)
    {
        bool external = false;
        string? location = null;
        ProtoReader reader = new(tensor);
        while (reader.Next())
        {
            if (reader.Field == 14)
            {
                external = reader.Number == ExternalLocation;
            }
            else if (reader.Field == 13)
            {
                external = true;
                ReadExternalEntry(reader.Bytes, ref location);
            }
        }

        return external ? location ?? "" : null;
    }

    private static void ReadExternalEntry(ReadOnlySpan<byte> entry, ref string? location)
    {
        ReadOnlySpan<byte> key = default;
        ReadOnlySpan<byte> value = default;
        ProtoReader reader = new(entry);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                key = reader.Bytes;
            }
            else if (reader.Field == 2)
            {
                value = reader.Bytes;
            }
        }

        if (key.SequenceEqual("location"u8))
        {
            // Readers differ in which of two they believe.
            location = location is null ? Encoding.UTF8.GetString(value) : throw ProtoReader.Malformed();
        }
    }

    private static bool IsInGraph(ReadOnlySpan<byte> graph, int depth)
    {
        bool found = false;
        ProtoReader reader = new(graph);
        while (reader.Next())
        {
            found |= reader.Field switch
            {
                1 => IsInNode(reader.Bytes, depth),
                5 => Location(reader.Bytes) is not null,
                15 => IsInSparse(reader.Bytes),
                _ => false,
            };
        }

        return found;
    }

    private static bool IsInAttribute(ReadOnlySpan<byte> attribute, int depth)
    {
        bool found = false;
        ProtoReader reader = new(attribute);
        while (reader.Next())
        {
            found |= reader.Field switch
            {
                5 or 10 => Location(reader.Bytes) is not null,
                6 or 11 => IsInGraph(reader.Bytes, ModelNesting.Deeper(depth)),
                22 or 23 => IsInSparse(reader.Bytes),
                _ => false,
            };
        }

        return found;
    }
}
