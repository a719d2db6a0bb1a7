using Slipway.Formats.Protobuf;

namespace Slipway.Formats.Onnx;

/// <summary>Reads the small messages that several others are made of, and gathers the tensors that point outside the file.</summary>
internal sealed class OnnxFieldReader(ProtoReader reader)
{
    private readonly List<OnnxTensor> _external = [];

    public ProtoReader Reader { get; } = reader;

    public IReadOnlyList<OnnxTensor> ExternalTensors => _external;

    public void NoteExternal(OnnxTensor tensor) => _external.Add(tensor);

    public OnnxOpset ReadOpset()
    {
        string domain = "";
        long version = 0;
        long outer = Reader.Enter();
        while (Reader.TryReadTag(out int field, out WireType wire))
        {
            switch (field, wire)
            {
                case (1, WireType.Length):
                    domain = Reader.ReadString();
                    break;
                case (2, WireType.Varint):
                    version = Reader.ReadInt64();
                    break;
                default:
                    Reader.Skip(wire);
                    break;
            }
        }

        Reader.Leave(outer);
        return new OnnxOpset(domain, version);
    }

    public KeyValuePair<string, string> ReadEntry()
    {
        string key = "";
        string value = "";
        long outer = Reader.Enter();
        while (Reader.TryReadTag(out int field, out WireType wire))
        {
            switch (field, wire)
            {
                case (1, WireType.Length):
                    key = Reader.ReadString();
                    break;
                case (2, WireType.Length):
                    value = Reader.ReadString();
                    break;
                default:
                    Reader.Skip(wire);
                    break;
            }
        }

        Reader.Leave(outer);
        return new KeyValuePair<string, string>(key, value);
    }

    /// <summary>Numbers of a repeated field, which may come one by one or packed.</summary>
    public void ReadInt64s(WireType wire, List<long> values)
    {
        if (wire != WireType.Length)
        {
            Reader.CountItem();
            values.Add(Reader.ReadInt64());
            return;
        }

        long outer = Reader.Enter();
        while (Reader.Remaining > 0)
        {
            Reader.CountItem();
            values.Add(Reader.ReadInt64());
        }

        Reader.Leave(outer);
    }
}
