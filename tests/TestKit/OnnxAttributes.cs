using Slipway.Formats.Protobuf;

namespace Slipway.TestKit;

/// <summary>Attributes for <see cref="OnnxModelBuilder"/>.</summary>
public static class OnnxAttributes
{
    public static Action<ProtoWriter> Int(string name, long value) => attribute =>
    {
        attribute.Text(1, name);
        attribute.Int64(3, value);
        attribute.Int64(20, 2);
    };

    public static Action<ProtoWriter> Float(string name, float value) => attribute =>
    {
        attribute.Text(1, name);
        attribute.Float(2, value);
        attribute.Int64(20, 1);
    };

    public static Action<ProtoWriter> Text(string name, string value) => attribute =>
    {
        attribute.Text(1, name);
        attribute.Text(4, value);
        attribute.Int64(20, 3);
    };

    public static Action<ProtoWriter> Ints(string name, params long[] values) => attribute =>
    {
        attribute.Text(1, name);
        foreach (long value in values)
        {
            attribute.Int64(8, value);
        }

        attribute.Int64(20, 7);
    };

    public static Action<ProtoWriter> Floats(string name, params float[] values) => attribute =>
    {
        attribute.Text(1, name);
        foreach (float value in values)
        {
            attribute.Float(7, value);
        }

        attribute.Int64(20, 6);
    };

    /// <summary>A subgraph.</summary>
    public static Action<ProtoWriter> Graph(string name, Action<ProtoWriter> graph) => attribute =>
    {
        attribute.Text(1, name);
        attribute.Message(6, graph);
        attribute.Int64(20, 5);
    };
}
