using System.Runtime.InteropServices;
using System.Text;
using Slipway.Formats.Protobuf;

namespace Slipway.Formats.Onnx.Building;

/// <summary>An attribute of a node that is being built; numbers of AttributeProto's fields and types as ONNX has them.</summary>
internal sealed class NodeAttribute
{
    private readonly MessageAssembler _message = new();

    private NodeAttribute(string name, int type, Action<MessageAssembler> addValue)
    {
        ProtoWriter head = new();
        head.Text(1, name);
        head.Int64(20, type);
        _message.Add(head.Written);
        addValue(_message);
    }

    public static NodeAttribute Of(string name, long value) => Small(name, 2, writer => writer.Int64(3, value));

    public static NodeAttribute Of(string name, float value) => Small(name, 1, writer => writer.Float(2, value));

    public static NodeAttribute Of(string name, string value) => Small(name, 3, writer => writer.Text(4, value));

    public static NodeAttribute Of(string name, IReadOnlyList<long> values) => Small(name, 7, writer =>
    {
        foreach (long value in values)
        {
            writer.Int64(8, value);
        }
    });

    public static NodeAttribute Of(string name, IReadOnlyList<float> values) => Small(name, 6, writer =>
    {
        foreach (float value in values)
        {
            writer.Float(7, value);
        }
    });

    public static NodeAttribute Of(string name, IReadOnlyList<string> values) => Small(name, 8, writer =>
    {
        foreach (string value in values)
        {
            writer.Bytes(9, Encoding.UTF8.GetBytes(value));
        }
    });

    /// <summary>A list of integers that was written as it grew.</summary>
    public static NodeAttribute Of(string name, IntegerList values) => new(name, 7, message => message.Add(values.Encoded));

    /// <summary>A list of texts that was written as it grew.</summary>
    public static NodeAttribute Of(string name, TextList values) => new(name, 8, message => message.Add(values.Encoded));

    /// <summary>A rank-one tensor of doubles.</summary>
    public static NodeAttribute Tensor(string name, ReadOnlyMemory<double> values) => TensorOf(name, OnnxDataType.Double, values.Length, MemoryMarshal.AsBytes(values.Span).ToArray());

    /// <summary>A rank-one tensor of 64-bit integers.</summary>
    public static NodeAttribute Tensor(string name, ReadOnlyMemory<long> values) => TensorOf(name, OnnxDataType.Int64, values.Length, MemoryMarshal.AsBytes(values.Span).ToArray());

    /// <summary>A subgraph, as If and Loop take it.</summary>
    public static NodeAttribute Graph(string name, GraphBuilder graph) => Small(name, 5, writer => writer.Bytes(6, graph.EncodeGraph(name)));

    /// <summary>The fields of the AttributeProto.</summary>
    public MessageAssembler Encode() => _message;

    private static NodeAttribute Small(string name, int type, Action<ProtoWriter> writeValue) => new(name, type, message =>
    {
        ProtoWriter writer = new();
        writeValue(writer);
        message.Add(writer.Written);
    });

    private static NodeAttribute TensorOf(string name, OnnxDataType type, int length, byte[] raw) => new(name, 4, message =>
    {
        ProtoWriter tensor = new();
        tensor.Int64(1, length);
        tensor.Int64(2, (long)type);
        message.AddField(5, tensor.Written, 9, raw);
    });
}
