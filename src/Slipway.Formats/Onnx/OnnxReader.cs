using Slipway.Core;
using Slipway.Formats.Protobuf;

namespace Slipway.Formats.Onnx;

/// <summary>Reads an ONNX file (a <c>ModelProto</c>) in one pass, without keeping weights. Field numbers are those of <c>onnx.proto</c>.</summary>
public static class OnnxReader
{
    /// <summary>Reads a model of <paramref name="length"/> bytes that begins where <paramref name="source"/> stands.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when the bytes are damaged, cut off, or beyond a limit.</exception>
    public static OnnxModel Read(Stream source, long length, ProtoLimits? limits = null)
    {
        OnnxFieldReader fields = new(new ProtoReader(source, length, limits));
        return ReadModel(fields);
    }

    private static OnnxModel ReadModel(OnnxFieldReader fields)
    {
        ProtoReader reader = fields.Reader;
        long? ir = null;
        long? modelVersion = null;
        string producer = "";
        string producerVersion = "";
        string domain = "";
        string documentation = "";
        OnnxGraph? graph = null;
        List<OnnxOpset> opsets = [];
        List<KeyValuePair<string, string>> metadata = [];
        List<OnnxFunction> functions = [];
        while (reader.TryReadTag(out int field, out WireType wire))
        {
            switch (field, wire)
            {
                case (1, WireType.Varint):
                    ir = reader.ReadInt64();
                    break;
                case (2, WireType.Length):
                    producer = reader.ReadString();
                    break;
                case (3, WireType.Length):
                    producerVersion = reader.ReadString();
                    break;
                case (4, WireType.Length):
                    domain = reader.ReadString();
                    break;
                case (5, WireType.Varint):
                    modelVersion = reader.ReadInt64();
                    break;
                case (6, WireType.Length):
                    documentation = reader.ReadString();
                    break;
                case (7, WireType.Length):
                    // protobuf would merge two graphs into one; no tool writes that, and what is checked must be what is loaded.
                    graph = graph is null ? OnnxGraphReader.ReadGraph(fields) : throw reader.Malformed("a second graph");
                    break;
                case (8, WireType.Length):
                    opsets.Add(fields.ReadOpset());
                    break;
                case (14, WireType.Length):
                    metadata.Add(fields.ReadEntry());
                    break;
                case (20, WireType.Length):
                    ReadTraining(fields);
                    break;
                case (25, WireType.Length):
                    functions.Add(OnnxGraphReader.ReadFunction(fields));
                    break;
                default:
                    reader.Skip(wire);
                    break;
            }
        }

        return new OnnxModel
        {
            IrVersion = ir,
            ProducerName = producer,
            ProducerVersion = producerVersion,
            Domain = domain,
            ModelVersion = modelVersion,
            Documentation = documentation,
            Graph = graph,
            Opsets = opsets,
            Metadata = metadata,
            Functions = functions,
            ExternalTensors = fields.ExternalTensors,
        };
    }

    // Not used for serving; read all the same, because a tensor in it may point outside the file.
    private static void ReadTraining(OnnxFieldReader fields)
    {
        ProtoReader reader = fields.Reader;
        long outer = reader.Enter();
        while (reader.TryReadTag(out int field, out WireType wire))
        {
            if (field is 1 or 2 && wire == WireType.Length)
            {
                OnnxGraphReader.ReadGraph(fields);
            }
            else
            {
                reader.Skip(wire);
            }
        }

        reader.Leave(outer);
    }
}
