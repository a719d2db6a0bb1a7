using Slipway.Formats.Protobuf;

namespace Slipway.TensorFlow.Graphs;

/// <summary>Reads FunctionDef.</summary>
internal static class FunctionReader
{
    /// <summary>Reads the name only.</summary>
    public static string ReadName(ReadOnlyMemory<byte> encoded)
    {
        EncodedMessage message = new(encoded);
        string name = "";
        while (message.Fields.TryReadTag(out int field, out WireType wire))
        {
            if ((field, wire) == (1, WireType.Length))
            {
                (name, _, _) = ReadSignature(message);
                break;
            }

            message.Fields.Skip(wire);
        }

        return name;
    }

    /// <summary>Reads a function.</summary>
    public static GraphFunction Read(ReadOnlyMemory<byte> encoded)
    {
        EncodedMessage message = new(encoded);
        (string Name, List<FunctionArgument> Inputs, List<FunctionArgument> Outputs) signature = ("", [], []);
        List<GraphNode> nodes = [];
        Dictionary<string, string> returns = new(StringComparer.Ordinal);
        List<string> controls = [];
        while (message.Fields.TryReadTag(out int field, out WireType wire))
        {
            switch ((field, wire))
            {
                case (1, WireType.Length):
                    signature = ReadSignature(message);
                    break;
                case (3, WireType.Length):
                    nodes.Add(NodeReader.Read(message));
                    break;
                case (4, WireType.Length):
                    string source = "";
                    string output = message.MapEntry(_ => source = message.Fields.ReadString());
                    returns[output] = source;
                    break;
                case (6, WireType.Length):
                    message.MapEntry(_ => controls.Add(message.Fields.ReadString()));
                    break;
                default:
                    message.Fields.Skip(wire);
                    break;
            }
        }

        return new GraphFunction
        {
            Name = signature.Name,
            Inputs = signature.Inputs,
            Outputs = signature.Outputs,
            Nodes = OldBranches.Annotate(nodes),
            Returns = returns,
            ControlReturns = controls,
        };
    }

    private static (string Name, List<FunctionArgument> Inputs, List<FunctionArgument> Outputs) ReadSignature(EncodedMessage message)
    {
        string name = "";
        List<FunctionArgument> inputs = [];
        List<FunctionArgument> outputs = [];
        message.ForEach((field, wire) =>
        {
            switch ((field, wire))
            {
                case (1, WireType.Length):
                    name = message.Fields.ReadString();
                    break;
                case (2, WireType.Length):
                    inputs.Add(ReadArgument(message));
                    break;
                case (3, WireType.Length):
                    outputs.Add(ReadArgument(message));
                    break;
                default:
                    message.Fields.Skip(wire);
                    break;
            }
        });
        return (name, inputs, outputs);
    }

    private static FunctionArgument ReadArgument(EncodedMessage message)
    {
        string name = "";
        string count = "";
        string types = "";
        message.ForEach((field, wire) =>
        {
            switch ((field, wire))
            {
                case (1, WireType.Length):
                    name = message.Fields.ReadString();
                    break;
                case (5, WireType.Length):
                    count = message.Fields.ReadString();
                    break;
                case (6, WireType.Length):
                    types = message.Fields.ReadString();
                    break;
                default:
                    message.Fields.Skip(wire);
                    break;
            }
        });
        return new FunctionArgument(name, count, types);
    }
}
