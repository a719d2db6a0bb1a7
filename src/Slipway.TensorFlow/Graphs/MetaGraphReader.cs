using Slipway.Formats.Protobuf;

namespace Slipway.TensorFlow.Graphs;

/// <summary>Reads MetaGraphDef.</summary>
internal static class MetaGraphReader
{
    // Collections whose nodes are to be run before the first request; newer ones are signatures.
    private static readonly string[] InitCollections = ["saved_model_main_op", "legacy_init_op", "main_op", "table_initializer", "saved_model_initializers"];

    /// <summary>Reads a graph.</summary>
    public static MetaGraph Read(ReadOnlyMemory<byte> encoded)
    {
        EncodedMessage message = new(encoded);
        Draft draft = new();
        while (message.Fields.TryReadTag(out int field, out WireType wire))
        {
            switch ((field, wire))
            {
                case (1, WireType.Length):
                    ReadMetaInfo(message, draft);
                    break;
                case (2, WireType.Length):
                    ReadGraph(message.Slice(), draft);
                    break;
                case (3, WireType.Length):
                    ReadSaver(message, draft);
                    break;
                case (4, WireType.Length):
                    ReadCollection(message, draft);
                    break;
                case (5, WireType.Length):
                    SignatureDefinition signature = SignatureReader.Read(message.Slice());
                    draft.Signatures[signature.Name] = signature;
                    break;
                case (6, WireType.Length):
                    draft.Assets.Add(ReadAsset(message));
                    break;
                default:
                    message.Fields.Skip(wire);
                    break;
            }
        }

        (IReadOnlyList<GraphNode> nodes, FunctionLibrary functions) = Loops(draft);
        return new MetaGraph
        {
            Tags = draft.Tags,
            TensorFlowVersion = draft.Version,
            Nodes = nodes,
            Functions = functions,
            Signatures = draft.Signatures,
            Assets = draft.Assets,
            RestoreOperation = draft.Restore,
            InitOperations = draft.InitOperations,
        };
    }

    /// <summary>Reads a GraphDef that stands alone: nodes and functions, without signatures.</summary>
    public static MetaGraph ReadGraphDef(ReadOnlyMemory<byte> encoded)
    {
        Draft draft = new();
        ReadGraph(encoded, draft);
        (IReadOnlyList<GraphNode> nodes, FunctionLibrary functions) = Loops(draft);
        return new MetaGraph { Tags = [], Nodes = nodes, Functions = functions, Signatures = draft.Signatures };
    }

    private static (IReadOnlyList<GraphNode> Nodes, FunctionLibrary Functions) Loops(Draft draft)
    {
        (IReadOnlyList<GraphNode> nodes, IReadOnlyList<GraphFunction> added) = OldLoops.Rewrite(OldBranches.Annotate(draft.Nodes));
        FunctionLibrary functions = new(draft.Functions);
        foreach (GraphFunction function in added)
        {
            functions.Add(function);
        }

        return (nodes, functions);
    }

    private static void ReadMetaInfo(EncodedMessage message, Draft draft) => message.ForEach((field, wire) =>
    {
        switch ((field, wire))
        {
            case (4, WireType.Length):
                draft.Tags.Add(message.Fields.ReadString());
                break;
            case (5, WireType.Length):
                draft.Version = message.Fields.ReadString();
                break;
            default:
                message.Fields.Skip(wire);
                break;
        }
    });

    private static void ReadGraph(ReadOnlyMemory<byte> encoded, Draft draft)
    {
        EncodedMessage message = new(encoded);
        while (message.Fields.TryReadTag(out int field, out WireType wire))
        {
            switch ((field, wire))
            {
                case (1, WireType.Length):
                    draft.Nodes.Add(NodeReader.Read(message));
                    break;
                case (2, WireType.Length):
                    ReadLibrary(message.Slice(), draft);
                    break;
                default:
                    message.Fields.Skip(wire);
                    break;
            }
        }
    }

    private static void ReadLibrary(ReadOnlyMemory<byte> encoded, Draft draft)
    {
        EncodedMessage message = new(encoded);
        while (message.Fields.TryReadTag(out int field, out WireType wire))
        {
            if ((field, wire) == (1, WireType.Length))
            {
                message.Fields.CountItem();
                ReadOnlyMemory<byte> function = message.Slice();
                draft.Functions[FunctionReader.ReadName(function)] = function;
            }
            else
            {
                message.Fields.Skip(wire);
            }
        }
    }

    private static void ReadSaver(EncodedMessage message, Draft draft) => message.ForEach((field, wire) =>
    {
        if ((field, wire) == (3, WireType.Length))
        {
            draft.Restore = message.Fields.ReadString();
        }
        else
        {
            message.Fields.Skip(wire);
        }
    });

    private static void ReadCollection(EncodedMessage message, Draft draft)
    {
        List<string> nodes = [];
        string name = message.MapEntry(_ => message.ForEach((field, wire) =>
        {
            if ((field, wire) == (1, WireType.Length))
            {
                ReadNames(message, nodes);
            }
            else
            {
                message.Fields.Skip(wire);
            }
        }));
        if (InitCollections.Contains(name))
        {
            draft.InitOperations.AddRange(nodes);
        }
    }

    private static void ReadNames(EncodedMessage message, List<string> names) => message.ForEach((field, wire) =>
    {
        if ((field, wire) == (1, WireType.Length))
        {
            names.Add(message.Fields.ReadString());
        }
        else
        {
            message.Fields.Skip(wire);
        }
    });

    private static AssetFile ReadAsset(EncodedMessage message)
    {
        string tensor = "";
        string file = "";
        message.ForEach((field, wire) =>
        {
            switch ((field, wire))
            {
                case (1, WireType.Length):
                    tensor = SignatureReader.ReadTensorInfo(message).Name;
                    break;
                case (2, WireType.Length):
                    file = message.Fields.ReadString();
                    break;
                default:
                    message.Fields.Skip(wire);
                    break;
            }
        });
        return new AssetFile(tensor, file);
    }

    /// <summary>What has been read so far.</summary>
    private sealed class Draft
    {
        public List<string> Tags { get; } = [];

        public string Version { get; set; } = "";

        public List<GraphNode> Nodes { get; } = [];

        public Dictionary<string, ReadOnlyMemory<byte>> Functions { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, SignatureDefinition> Signatures { get; } = new(StringComparer.Ordinal);

        public List<AssetFile> Assets { get; } = [];

        public string Restore { get; set; } = "";

        public List<string> InitOperations { get; } = [];
    }
}
