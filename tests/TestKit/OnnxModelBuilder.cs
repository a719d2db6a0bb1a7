using Slipway.Formats.Onnx;
using Slipway.Formats.Protobuf;

namespace Slipway.TestKit;

/// <summary>
/// Makes small ONNX models in memory, so that no binary file has to be kept. Dimensions are a number, or a name for a free size.
/// Default: format version 8, operator set 15.
/// </summary>
public sealed class OnnxModelBuilder
{
    private readonly ProtoWriter _graph = new();
    private readonly List<(string Domain, long Version)> _opsets = [];
    private readonly List<(string Key, string Value)> _metadata = [];

    public string GraphName { get; init; } = "g";

    public long IrVersion { get; init; } = 8;

    public string Producer { get; init; } = "slipway-tests";

    /// <summary>Adds an operator set; without any the default domain gets version 15.</summary>
    public OnnxModelBuilder Opset(string domain, long version)
    {
        _opsets.Add((domain, version));
        return this;
    }

    public OnnxModelBuilder Metadata(string key, string value)
    {
        _metadata.Add((key, value));
        return this;
    }

    public OnnxModelBuilder Input(string name, OnnxDataType type, params object[] shape) => Value(11, name, type, shape);

    public OnnxModelBuilder Output(string name, OnnxDataType type, params object[] shape) => Value(12, name, type, shape);

    /// <summary>Adds a node; <paramref name="attributes"/> are made with the static methods of <see cref="OnnxAttributes"/>.</summary>
    public OnnxModelBuilder Node(string type, string[] inputs, string[] outputs, string domain = "", params Action<ProtoWriter>[] attributes)
    {
        _graph.Message(1, node => WriteNode(node, type, inputs, outputs, domain, attributes));
        return this;
    }

    public OnnxModelBuilder Constant(string name, float[] values, params long[] shape) => Tensor(name, OnnxDataType.Float, shape, tensor =>
    {
        byte[] raw = new byte[values.Length * sizeof(float)];
        Buffer.BlockCopy(values, 0, raw, 0, raw.Length);
        tensor.Bytes(9, raw);
    });

    public OnnxModelBuilder Constant(string name, long[] values, params long[] shape) =>
        Tensor(name, OnnxDataType.Int64, shape, tensor => tensor.PackedInt64(7, values));

    /// <summary>Adds a constant whose values lie in another file. Null leaves an entry out.</summary>
    public OnnxModelBuilder External(string name, OnnxDataType type, long[] shape, string? location, string? offset = null, string? length = null) =>
        Tensor(name, type, shape, tensor =>
        {
            foreach ((string key, string? value) in new[] { ("location", location), ("offset", offset), ("length", length) })
            {
                if (value is not null)
                {
                    tensor.Message(13, entry => WriteEntry(entry, key, value));
                }
            }

            tensor.Int64(14, 1);
        });

    /// <summary>Adds anything to the graph, for models that no tool would write.</summary>
    public OnnxModelBuilder Raw(Action<ProtoWriter> write)
    {
        write(_graph);
        return this;
    }

    /// <summary>The bytes of the model.</summary>
    public byte[] Build()
    {
        ProtoWriter model = new();
        model.Int64(1, IrVersion);
        model.Text(2, Producer);
        _graph.Text(2, GraphName);
        model.Bytes(7, _graph.Written.Span);
        foreach ((string domain, long version) in _opsets.Count == 0 ? [("", 15)] : _opsets)
        {
            model.Message(8, opset =>
            {
                opset.Text(1, domain);
                opset.Int64(2, version);
            });
        }

        foreach ((string key, string value) in _metadata)
        {
            model.Message(14, entry => WriteEntry(entry, key, value));
        }

        return model.Written.ToArray();
    }

    public static void WriteNode(
        ProtoWriter node, string type, string[] inputs, string[] outputs, string domain = "", params Action<ProtoWriter>[] attributes)
    {
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }

        foreach (string output in outputs)
        {
            node.Text(2, output);
        }

        node.Text(4, type);
        foreach (Action<ProtoWriter> attribute in attributes)
        {
            node.Message(5, attribute);
        }

        if (domain.Length > 0)
        {
            node.Text(7, domain);
        }
    }

    private static void WriteEntry(ProtoWriter entry, string key, string value)
    {
        entry.Text(1, key);
        entry.Text(2, value);
    }

    private OnnxModelBuilder Tensor(string name, OnnxDataType type, long[] shape, Action<ProtoWriter> values)
    {
        _graph.Message(5, tensor =>
        {
            foreach (long dimension in shape)
            {
                tensor.Int64(1, dimension);
            }

            tensor.Int64(2, (long)type);
            tensor.Text(8, name);
            values(tensor);
        });
        return this;
    }

    private OnnxModelBuilder Value(int field, string name, OnnxDataType type, object[] shape)
    {
        _graph.Message(field, value =>
        {
            value.Text(1, name);
            value.Message(2, of => of.Message(1, tensor =>
            {
                tensor.Int64(1, (long)type);
                tensor.Message(2, dimensions => WriteShape(dimensions, shape));
            }));
        });
        return this;
    }

    private static void WriteShape(ProtoWriter dimensions, object[] shape)
    {
        foreach (object size in shape)
        {
            dimensions.Message(1, dimension =>
            {
                switch (size)
                {
                    case string free:
                        dimension.Text(2, free);
                        break;
                    default:
                        dimension.Int64(1, Convert.ToInt64(size, System.Globalization.CultureInfo.InvariantCulture));
                        break;
                }
            });
        }
    }
}
