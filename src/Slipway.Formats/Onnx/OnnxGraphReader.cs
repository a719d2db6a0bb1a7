using Slipway.Formats.Protobuf;

namespace Slipway.Formats.Onnx;

/// <summary>Reads <c>GraphProto</c>, <c>NodeProto</c> and <c>FunctionProto</c>.</summary>
internal static class OnnxGraphReader
{
    public static OnnxGraph ReadGraph(OnnxFieldReader fields)
    {
        ProtoReader reader = fields.Reader;
        string name = "";
        List<OnnxNode> nodes = [];
        List<OnnxTensor> initializers = [];
        List<OnnxSparseTensor> sparse = [];
        List<OnnxValueInfo> inputs = [];
        List<OnnxValueInfo> outputs = [];
        List<OnnxValueInfo> values = [];
        long outer = reader.Enter();
        while (reader.TryReadTag(out int field, out WireType wire))
        {
            switch (field, wire)
            {
                case (1, WireType.Length):
                    nodes.Add(ReadNode(fields));
                    break;
                case (2, WireType.Length):
                    name = reader.ReadString();
                    break;
                case (5, WireType.Length):
                    initializers.Add(OnnxTensorReader.ReadTensor(fields));
                    break;
                case (11, WireType.Length):
                    inputs.Add(OnnxTypeReader.ReadValueInfo(fields));
                    break;
                case (12, WireType.Length):
                    outputs.Add(OnnxTypeReader.ReadValueInfo(fields));
                    break;
                case (13, WireType.Length):
                    values.Add(OnnxTypeReader.ReadValueInfo(fields));
                    break;
                case (15, WireType.Length):
                    sparse.Add(OnnxTensorReader.ReadSparse(fields));
                    break;
                default:
                    reader.Skip(wire);
                    break;
            }
        }

        reader.Leave(outer);
        return new OnnxGraph
        {
            Name = name,
            Nodes = nodes,
            Initializers = initializers,
            SparseInitializers = sparse,
            Inputs = inputs,
            Outputs = outputs,
            Values = values,
        };
    }

    public static OnnxNode ReadNode(OnnxFieldReader fields)
    {
        ProtoReader reader = fields.Reader;
        List<string> inputs = [];
        List<string> outputs = [];
        List<OnnxAttribute> attributes = [];
        string name = "";
        string type = "";
        string domain = "";
        string overload = "";
        long outer = reader.Enter();
        while (reader.TryReadTag(out int field, out WireType wire))
        {
            switch (field, wire)
            {
                case (1, WireType.Length):
                    inputs.Add(reader.ReadString());
                    break;
                case (2, WireType.Length):
                    outputs.Add(reader.ReadString());
                    break;
                case (3, WireType.Length):
                    name = reader.ReadString();
                    break;
                case (4, WireType.Length):
                    type = reader.ReadString();
                    break;
                case (5, WireType.Length):
                    attributes.Add(OnnxAttributeReader.Read(fields));
                    break;
                case (7, WireType.Length):
                    domain = reader.ReadString();
                    break;
                case (8, WireType.Length):
                    overload = reader.ReadString();
                    break;
                default:
                    reader.Skip(wire);
                    break;
            }
        }

        reader.Leave(outer);
        return new OnnxNode
        {
            Name = name,
            Operator = type,
            Domain = OnnxOpset.Normalize(domain),
            Overload = overload,
            Inputs = inputs,
            Outputs = outputs,
            Attributes = attributes,
        };
    }

    public static OnnxFunction ReadFunction(OnnxFieldReader fields)
    {
        ProtoReader reader = fields.Reader;
        string name = "";
        string domain = "";
        string overload = "";
        List<string> inputs = [];
        List<string> outputs = [];
        List<OnnxNode> nodes = [];
        List<OnnxOpset> opsets = [];
        long outer = reader.Enter();
        while (reader.TryReadTag(out int field, out WireType wire))
        {
            switch (field, wire)
            {
                case (1, WireType.Length):
                    name = reader.ReadString();
                    break;
                case (4, WireType.Length):
                    inputs.Add(reader.ReadString());
                    break;
                case (5, WireType.Length):
                    outputs.Add(reader.ReadString());
                    break;
                case (7, WireType.Length):
                    nodes.Add(ReadNode(fields));
                    break;
                case (9, WireType.Length):
                    opsets.Add(fields.ReadOpset());
                    break;
                case (10, WireType.Length):
                    domain = reader.ReadString();
                    break;
                case (11, WireType.Length):
                    // Default values of the function's attributes: may hold tensors.
                    OnnxAttributeReader.Read(fields);
                    break;
                case (13, WireType.Length):
                    overload = reader.ReadString();
                    break;
                default:
                    reader.Skip(wire);
                    break;
            }
        }

        reader.Leave(outer);
        return new OnnxFunction
        {
            Name = name,
            Domain = OnnxOpset.Normalize(domain),
            Overload = overload,
            Inputs = inputs,
            Outputs = outputs,
            Nodes = nodes,
            Opsets = opsets,
        };
    }
}
