using System.Runtime.InteropServices;
using System.Text;
using Slipway.Formats.Protobuf;

namespace Slipway.Formats.Onnx.Building;

/// <summary>An attribute of a node that is being built; numbers of AttributeProto's fields and types as ONNX has them.</summary>
internal sealed class NodeAttribute
{
    private readonly Action<ProtoWriter> _write;

    private NodeAttribute(string name, int type, Action<ProtoWriter> writeValue)
    {
        _write = writer =>
        {
            writer.Text(1, name);
            writeValue(writer);
            writer.Int64(20, type);
        };
    }

    public static NodeAttribute Of(string name, long value) => new(name, 2, writer => writer.Int64(3, value));

    public static NodeAttribute Of(string name, float value) => new(name, 1, writer => writer.Float(2, value));

    public static NodeAttribute Of(string name, string value) => new(name, 3, writer => writer.Text(4, value));

    public static NodeAttribute Of(string name, IReadOnlyList<long> values) => new(name, 7, writer =>
    {
        foreach (long value in values)
        {
            writer.Int64(8, value);
        }
    });

    public static NodeAttribute Of(string name, IReadOnlyList<float> values) => new(name, 6, writer =>
    {
        foreach (float value in values)
        {
            writer.Float(7, value);
        }
    });

    public static NodeAttribute Of(string name, IReadOnlyList<string> values) => new(name, 8, writer =>
    {
        foreach (string value in values)
        {
            writer.Bytes(9, Encoding.UTF8.GetBytes(value));
        }
    });

    /// <summary>A rank-one tensor of doubles.</summary>
    public static NodeAttribute Tensor(string name, ReadOnlyMemory<double> values) => TensorOf(name, OnnxDataType.Double, values.Length, MemoryMarshal.AsBytes(values.Span).ToArray());

    /// <summary>A rank-one tensor of 64-bit integers.</summary>
    public static NodeAttribute Tensor(string name, ReadOnlyMemory<long> values) => TensorOf(name, OnnxDataType.Int64, values.Length, MemoryMarshal.AsBytes(values.Span).ToArray());

    /// <summary>A subgraph, as If and Loop take it.</summary>
    public static NodeAttribute Graph(string name, GraphBuilder graph) => new(name, 5, writer => writer.Bytes(6, graph.EncodeGraph(name)));

    /// <summary>Writes the fields of the AttributeProto.</summary>
    public void Write(ProtoWriter writer) => _write(writer);

    private static NodeAttribute TensorOf(string name, OnnxDataType type, int length, byte[] raw) => new(name, 4, writer => writer.Message(5, tensor =>
    {
        tensor.Int64(1, length);
        tensor.Int64(2, (long)type);
        tensor.Bytes(9, raw);
    }));
}
