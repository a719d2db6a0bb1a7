using Slipway.Formats.Onnx;
using Slipway.Formats.Protobuf;
using Slipway.TestKit;

namespace Slipway.OnnxRuntime.Tests.Values;

/// <summary>Types other than tensors, for <see cref="OnnxModelBuilder.Raw"/>.</summary>
internal static class ValueTypes
{
    public static Action<ProtoWriter> Tensor(OnnxDataType element) => type => type.Message(1, tensor => tensor.Int64(1, (long)element));

    public static Action<ProtoWriter> Sequence(Action<ProtoWriter> element) => type => type.Message(4, sequence => sequence.Message(1, element));

    public static Action<ProtoWriter> Optional(Action<ProtoWriter> element) => type => type.Message(9, optional => optional.Message(1, element));

    public static Action<ProtoWriter> Map(OnnxDataType key, Action<ProtoWriter> value) => type => type.Message(5, map =>
    {
        map.Int64(1, (long)key);
        map.Message(2, value);
    });

    public static OnnxModelBuilder Input(this OnnxModelBuilder builder, string name, Action<ProtoWriter> type) => Value(builder, 11, name, type);

    public static OnnxModelBuilder Output(this OnnxModelBuilder builder, string name, Action<ProtoWriter> type) => Value(builder, 12, name, type);

    public static Action<ProtoWriter> TypeAttribute(string name, Action<ProtoWriter> type) => attribute =>
    {
        attribute.Text(1, name);
        attribute.Message(14, type);
        attribute.Int64(20, 13);
    };

    public static Action<ProtoWriter> Strings(string name, params string[] values) => attribute =>
    {
        attribute.Text(1, name);
        foreach (string value in values)
        {
            attribute.Text(9, value);
        }

        attribute.Int64(20, 8);
    };

    private static OnnxModelBuilder Value(OnnxModelBuilder builder, int field, string name, Action<ProtoWriter> type) => builder.Raw(graph =>
        graph.Message(field, value =>
        {
            value.Text(1, name);
            value.Message(2, type);
        }));
}
