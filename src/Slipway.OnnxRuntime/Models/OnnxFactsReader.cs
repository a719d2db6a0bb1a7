using System.Text;
using Slipway.Core;

namespace Slipway.OnnxRuntime.Models;

/// <summary>
/// Reads <see cref="OnnxFacts"/> from the bytes of a ModelProto, before the engine sees them. Field numbers are those of onnx.proto.
/// </summary>
internal static class OnnxFactsReader
{
    // Deeper than any real If in a Loop in a Scan; a file that nests further only means to exhaust a stack.
    private const int DeepestNesting = 64;

    private const int ExternalLocation = 1;

    /// <summary>Reads a whole model.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when the bytes are no model.</exception>
    public static OnnxFacts Read(ReadOnlySpan<byte> model)
    {
        OnnxFacts facts = new();
        bool hasGraph = false;
        ProtoReader reader = new(model);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    facts.IrVersion = (long)reader.Number;
                    break;
                case 3:
                    facts.ProducerVersion = Encoding.UTF8.GetString(reader.Bytes);
                    break;
                case 7:
                    ReadMainGraph(reader.Bytes, facts);
                    hasGraph = true;
                    break;
                case 8:
                    ReadOperatorSet(reader.Bytes, facts);
                    break;
                case 20 or 25:
                    // training_info and functions: graphs and nodes lie at any field, so all of them are searched.
                    SearchFunction(reader.Field, reader.Bytes, facts);
                    break;
            }
        }

        return hasGraph ? facts : throw ProtoReader.Malformed();
    }

    private static void ReadOperatorSet(ReadOnlySpan<byte> entry, OnnxFacts facts)
    {
        string domain = "";
        long version = 0;
        ProtoReader reader = new(entry);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                domain = Encoding.UTF8.GetString(reader.Bytes);
            }
            else if (reader.Field == 2)
            {
                version = (long)reader.Number;
            }
        }

        facts.OperatorSets[domain.Length == 0 ? "ai.onnx" : domain] = version;
    }

    private static void ReadMainGraph(ReadOnlySpan<byte> graph, OnnxFacts facts)
    {
        ClassLabelFinder labels = new();
        List<string> outputs = [];
        ProtoReader reader = new(graph);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    SearchNode(reader.Bytes, facts, depth: 0);
                    labels.Add(reader.Bytes);
                    break;
                case 5:
                    if (Location(reader.Bytes) is { } location)
                    {
                        facts.ExternalLocations.Add(location);
                    }

                    break;
                case 11 or 12:
                    string name = ReadValueInfo(reader.Bytes, out bool hasShape);
                    if (!hasShape)
                    {
                        facts.Shapeless.Add(name);
                    }

                    if (reader.Field == 12)
                    {
                        outputs.Add(name);
                    }

                    break;
                case 15:
                    SearchSparse(reader.Bytes, facts);
                    break;
            }
        }

        foreach (string output in outputs)
        {
            if (labels.Find(output) is { Count: > 0 } found)
            {
                facts.ClassLabels[output] = found;
            }
        }
    }

    private static string ReadValueInfo(ReadOnlySpan<byte> info, out bool hasShape)
    {
        string name = "";
        hasShape = true;
        ProtoReader reader = new(info);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                name = Encoding.UTF8.GetString(reader.Bytes);
            }
            else if (reader.Field == 2)
            {
                hasShape = HasShape(reader.Bytes, depth: 0);
            }
        }

        return name;
    }

    // TypeProto: the tensor's own shape, or that of the tensors inside a sequence (4) or optional (9).
    private static bool HasShape(ReadOnlySpan<byte> type, int depth)
    {
        ProtoReader reader = new(type);
        while (reader.Next())
        {
            if (reader.Field is not (1 or 4 or 9))
            {
                continue;
            }

            bool tensor = reader.Field == 1;
            ProtoReader inner = new(reader.Bytes);
            while (inner.Next())
            {
                if (tensor && inner.Field == 2)
                {
                    return true;
                }

                if (!tensor && inner.Field == 1)
                {
                    return HasShape(inner.Bytes, Deeper(depth));
                }
            }

            return false;
        }

        return true;
    }

    private static void SearchFunction(int field, ReadOnlySpan<byte> message, OnnxFacts facts)
    {
        ProtoReader reader = new(message);
        while (reader.Next())
        {
            if (field == 25 && reader.Field == 7)
            {
                SearchNode(reader.Bytes, facts, depth: 0);
            }
            else if (field == 25 && reader.Field == 11)
            {
                SearchAttribute(reader.Bytes, facts, depth: 0);
            }
            else if (field == 20 && reader.Field is 1 or 2)
            {
                SearchGraph(reader.Bytes, facts, depth: 0);
            }
        }
    }

    private static void SearchGraph(ReadOnlySpan<byte> graph, OnnxFacts facts, int depth)
    {
        ProtoReader reader = new(graph);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    SearchNode(reader.Bytes, facts, depth);
                    break;
                case 5:
                    facts.HasMisplacedExternalData |= Location(reader.Bytes) is not null;
                    break;
                case 15:
                    SearchSparse(reader.Bytes, facts);
                    break;
            }
        }
    }

    private static void SearchNode(ReadOnlySpan<byte> node, OnnxFacts facts, int depth)
    {
        ProtoReader reader = new(node);
        while (reader.Next())
        {
            if (reader.Field == 5)
            {
                SearchAttribute(reader.Bytes, facts, depth);
            }
        }
    }

    private static void SearchAttribute(ReadOnlySpan<byte> attribute, OnnxFacts facts, int depth)
    {
        ProtoReader reader = new(attribute);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 5 or 10:
                    facts.HasMisplacedExternalData |= Location(reader.Bytes) is not null;
                    break;
                case 6 or 11:
                    SearchGraph(reader.Bytes, facts, Deeper(depth));
                    break;
                case 22 or 23:
                    SearchSparse(reader.Bytes, facts);
                    break;
            }
        }
    }

    private static void SearchSparse(ReadOnlySpan<byte> sparse, OnnxFacts facts)
    {
        ProtoReader reader = new(sparse);
        while (reader.Next())
        {
            if (reader.Field is 1 or 2)
            {
                facts.HasMisplacedExternalData |= Location(reader.Bytes) is not null;
            }
        }
    }

    // The location of a TensorProto that keeps its data outside the file; null for one that does not.
    private static string? Location(ReadOnlySpan<byte> tensor)
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

    private static int Deeper(int depth) => depth < DeepestNesting
        ? depth + 1
        : throw new SlipwayException(ErrorCode.InvalidModel, $"the model nests graphs more than {DeepestNesting} deep");
}
