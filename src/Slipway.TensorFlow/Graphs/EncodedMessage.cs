using System.Runtime.InteropServices;
using System.Text;
using Slipway.Formats.Protobuf;

namespace Slipway.TensorFlow.Graphs;

/// <summary>A protobuf message in memory: fields are read by <see cref="Fields"/>, large values are slices of the memory instead of copies. Not thread-safe.</summary>
internal sealed class EncodedMessage
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly HashSet<string> _words = new(StringComparer.Ordinal);

    /// <summary>Reads <paramref name="bytes"/>, which must stay as they are.</summary>
    public EncodedMessage(ReadOnlyMemory<byte> bytes)
    {
        _bytes = bytes;
        Stream stream = MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);
        Fields = new ProtoReader(stream, bytes.Length, Limits(bytes.Length));
    }

    /// <summary>The reader of its fields.</summary>
    public ProtoReader Fields { get; }

    /// <summary>The bytes of the field whose tag was just read.</summary>
    public ReadOnlyMemory<byte> Slice()
    {
        ByteRange range = Fields.SkipBytes();
        return _bytes.Slice((int)range.Offset, (int)range.Length);
    }

    /// <summary>Calls <paramref name="read"/> for each field of the message whose tag was just read. It must take, or skip, each field's value.</summary>
    public void ForEach(Action<int, WireType> read)
    {
        long outer = Fields.Enter();
        while (Fields.TryReadTag(out int field, out WireType wire))
        {
            read(field, wire);
        }

        Fields.Leave(outer);
    }

    /// <summary>Reads a map entry; <paramref name="readValue"/> is called with the value's tag just read.</summary>
    public string MapEntry(Action<WireType> readValue)
    {
        string key = "";
        ForEach((field, wire) =>
        {
            switch ((field, wire))
            {
                case (1, WireType.Length):
                    key = Fields.ReadString();
                    break;
                case (2, _):
                    readValue(wire);
                    break;
                default:
                    Fields.Skip(wire);
                    break;
            }
        });
        return key;
    }

    /// <summary>The one string of this message for a word that comes again and again, such as the name of an operator. Goes with the message.</summary>
    public string Word(string text)
    {
        if (_words.TryGetValue(text, out string? known))
        {
            return known;
        }

        _words.Add(text);
        return text;
    }

    /// <summary>Reads text that is UTF-8 or nothing.</summary>
    public string Text() => Encoding.UTF8.GetString(Slice().Span);

    // A part takes two bytes at least and some hundred when it is kept: what a file costs stays in proportion to its size.
    private static ProtoLimits Limits(int length) => new() { MaxItems = 500_000 + (length / 8), MaxTextBytes = length };
}
