using System.Runtime.InteropServices;
using System.Text;
using Slipway.Formats.Abstractions;
using Slipway.Formats.Protobuf;
using Slipway.TensorFlow.Graphs;
using Slipway.TestKit;

namespace Slipway.TensorFlow.Tests;

/// <summary>Writes saved_model.pb files for tests: nodes, functions and signatures, with field numbers as TensorFlow has them.</summary>
internal sealed class GraphWriter
{
    private readonly List<byte[]> _nodes = [];
    private readonly List<byte[]> _functions = [];
    private readonly List<(string Name, byte[] Bytes)> _signatures = [];
    private readonly List<Action<ProtoWriter>> _rest = [];

    public string[] Tags { get; set; } = ["serve"];

    /// <summary>Adds a node and gives its name.</summary>
    public string Node(string name, string operation, string[] inputs, params (string Name, Action<ProtoWriter> Value)[] attributes)
    {
        _nodes.Add(NodeBytes(name, operation, inputs, attributes));
        return name;
    }

    public string Constant(string name, TensorFlowType type, long[] shape, byte[] raw) =>
        Node(name, "Const", [], ("dtype", Attribute.Type(type)), ("value", Attribute.Tensor(type, shape, raw)));

    public string Constant(string name, float[] values, params long[] shape) => Constant(name, TensorFlowType.Float, shape, MemoryMarshal.AsBytes<float>(values).ToArray());

    public string Constant(string name, int[] values, params long[] shape) => Constant(name, TensorFlowType.Int32, shape, MemoryMarshal.AsBytes<int>(values).ToArray());

    public string Constant(string name, long[] values, params long[] shape) => Constant(name, TensorFlowType.Int64, shape, MemoryMarshal.AsBytes<long>(values).ToArray());

    public string Text(string name, string[] values, params long[] shape) =>
        Node(name, "Const", [], ("dtype", Attribute.Type(TensorFlowType.String)), ("value", Attribute.Strings(shape, values)));

    /// <summary>Adds a function: arguments, results (name and where each comes from) and nodes.</summary>
    public void Function(string name, string[] arguments, (string Name, string Source)[] results, params byte[][] nodes)
    {
        ProtoWriter writer = new();
        writer.Message(1, signature =>
        {
            signature.Text(1, name);
            foreach (string argument in arguments)
            {
                signature.Message(2, input => input.Text(1, argument));
            }

            foreach ((string result, _) in results)
            {
                signature.Message(3, output => output.Text(1, result));
            }
        });
        foreach (byte[] node in nodes)
        {
            writer.Bytes(3, node);
        }

        foreach ((string result, string source) in results)
        {
            writer.Message(4, entry =>
            {
                entry.Text(1, result);
                entry.Text(2, source);
            });
        }

        _functions.Add(writer.Written.ToArray());
    }

    public void Signature(string name, (string Key, string Tensor, TensorFlowType Type, long[]? Shape)[] inputs, (string Key, string Tensor, TensorFlowType Type, long[]? Shape)[] outputs, string method = "tensorflow/serving/predict")
    {
        ProtoWriter writer = new();
        foreach ((int field, var tensors) in new[] { (1, inputs), (2, outputs) })
        {
            foreach ((string key, string tensor, TensorFlowType type, long[]? shape) in tensors)
            {
                writer.Message(field, entry =>
                {
                    entry.Text(1, key);
                    entry.Message(2, info =>
                    {
                        info.Text(1, tensor);
                        info.Int64(2, (long)type);
                        info.Message(3, value => Attribute.WriteShape(value, shape));
                    });
                });
            }
        }

        writer.Text(3, method);
        _signatures.Add((name, writer.Written.ToArray()));
    }

    /// <summary>Adds fields of the MetaGraphDef.</summary>
    public void Meta(Action<ProtoWriter> write) => _rest.Add(write);

    public byte[] ToBytes()
    {
        ProtoWriter file = new();
        file.Int64(1, 1);
        file.Message(2, meta =>
        {
            meta.Message(1, info =>
            {
                foreach (string tag in Tags)
                {
                    info.Text(4, tag);
                }

                info.Text(5, "2.15.0");
            });
            meta.Message(2, WriteGraph);
            foreach ((string name, byte[] bytes) in _signatures)
            {
                meta.Message(5, entry =>
                {
                    entry.Text(1, name);
                    entry.Bytes(2, bytes);
                });
            }

            _rest.ForEach(write => write(meta));
        });
        return file.Written.ToArray();
    }

    /// <summary>The graph alone, as freezing writes it.</summary>
    public byte[] ToGraph()
    {
        ProtoWriter file = new();
        WriteGraph(file);
        return file.Written.ToArray();
    }

    /// <summary>Converts a signature of the model, with files beside it.</summary>
    public byte[] Convert(string? signature = null, params (string Name, byte[] Content)[] files) => Convert(ToBytes(), signature, files);

    public static byte[] Convert(byte[] model, string? signature = null, params (string Name, byte[] Content)[] files)
    {
        using VersionFiles version = new(new MemoryModelArtifact("saved_model.pb", [("saved_model.pb", model), .. files]), "saved_model.pb");
        return SavedModelFormat.Convert(version, signature, "", CancellationToken.None);
    }

    private void WriteGraph(ProtoWriter graph)
    {
        _nodes.ForEach(node => graph.Bytes(1, node));
        if (_functions.Count > 0)
        {
            graph.Message(2, library => _functions.ForEach(function => library.Bytes(1, function)));
        }
    }

    public static byte[] NodeBytes(string name, string operation, string[] inputs, params (string Name, Action<ProtoWriter> Value)[] attributes)
    {
        ProtoWriter writer = new();
        writer.Text(1, name);
        writer.Text(2, operation);
        foreach (string input in inputs)
        {
            writer.Text(3, input);
        }

        foreach ((string key, Action<ProtoWriter> value) in attributes)
        {
            writer.Message(5, entry =>
            {
                entry.Text(1, key);
                entry.Message(2, value);
            });
        }

        return writer.Written.ToArray();
    }

    /// <summary>Values of attributes.</summary>
    public static class Attribute
    {
        public static Action<ProtoWriter> Type(TensorFlowType type) => writer => writer.Int64(6, (long)type);

        public static Action<ProtoWriter> Integer(long value) => writer => writer.Int64(3, value);

        public static Action<ProtoWriter> Number(float value) => writer => writer.Float(4, value);

        public static Action<ProtoWriter> Flag(bool value) => writer => writer.Int64(5, value ? 1 : 0);

        public static Action<ProtoWriter> Text(string value) => writer => writer.Text(2, value);

        public static Action<ProtoWriter> Function(string name) => writer => writer.Message(10, function => function.Text(1, name));

        public static Action<ProtoWriter> Shape(long[]? shape) => writer => writer.Message(7, value => WriteShape(value, shape));

        public static Action<ProtoWriter> Integers(params long[] values) => writer => writer.Message(1, list => list.PackedInt64(3, values));

        public static Action<ProtoWriter> Texts(params string[] values) => writer => writer.Message(1, list => Array.ForEach(values, value => list.Text(2, value)));

        public static Action<ProtoWriter> Numbers(params float[] values) => writer => writer.Message(1, list => list.PackedFloat(4, values));

        public static Action<ProtoWriter> Types(params TensorFlowType[] types) => writer => writer.Message(1, list => list.PackedInt64(6, [.. types.Select(static type => (long)type)]));

        public static Action<ProtoWriter> Shapes(params long[][] shapes) => writer => writer.Message(1, list =>
        {
            foreach (long[] shape in shapes)
            {
                list.Message(7, value => WriteShape(value, shape));
            }
        });

        public static Action<ProtoWriter> Tensor(TensorFlowType type, long[] shape, byte[] raw) => writer => writer.Message(8, tensor =>
        {
            tensor.Int64(1, (long)type);
            tensor.Message(2, value => WriteShape(value, shape));
            tensor.Bytes(4, raw);
        });

        public static Action<ProtoWriter> Strings(long[] shape, string[] values) => writer => writer.Message(8, tensor =>
        {
            tensor.Int64(1, (long)TensorFlowType.String);
            tensor.Message(2, value => WriteShape(value, shape));
            foreach (string value in values)
            {
                tensor.Bytes(8, Encoding.UTF8.GetBytes(value));
            }
        });

        public static void WriteShape(ProtoWriter writer, long[]? shape)
        {
            if (shape is null)
            {
                writer.Int64(3, 1);
                return;
            }

            foreach (long size in shape)
            {
                writer.Message(2, dimension => dimension.Int64(1, size));
            }
        }
    }
}
