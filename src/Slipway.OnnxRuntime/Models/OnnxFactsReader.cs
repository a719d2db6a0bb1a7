using System.Text;
using Slipway.Core;

namespace Slipway.OnnxRuntime.Models;

/// <summary>
/// Reads <see cref="OnnxFacts"/> from the bytes of a ModelProto, before the engine sees them. Field numbers are those of onnx.proto.
/// </summary>
internal static class OnnxFactsReader
{
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
                    facts.HasMisplacedExternalData |= ExternalTensors.IsInFunction(reader.Field, reader.Bytes);
                    facts.QuantizesDynamically |= reader.Field == 25 && DynamicQuantization.IsInFunction(reader.Bytes);
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
                    facts.HasMisplacedExternalData |= ExternalTensors.IsInNode(reader.Bytes, depth: 0);
                    facts.QuantizesDynamically |= DynamicQuantization.IsInNode(reader.Bytes, depth: 0);
                    labels.Add(reader.Bytes);
                    break;
                case 5:
                    if (ExternalTensors.Location(reader.Bytes) is { } location)
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
                    facts.HasMisplacedExternalData |= ExternalTensors.IsInSparse(reader.Bytes);
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
                    return HasShape(inner.Bytes, ModelNesting.Deeper(depth));
                }
            }

            return false;
        }

        return true;
    }
}
