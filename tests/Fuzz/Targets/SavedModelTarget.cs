using Slipway.Formats.Abstractions;
using Slipway.Formats.Protobuf;
using Slipway.TensorFlow;
using Slipway.TestKit;

namespace Slipway.Fuzz.Targets;

/// <summary>TensorFlow's saved_model.pb: read, translated and written as ONNX.</summary>
internal sealed class SavedModelTarget : IFuzzTarget
{
    private const int Float = 1;
    private const int Int32 = 3;

    public string Name => "savedmodel";

    public IReadOnlyList<byte[]> Seeds { get; } = [Model("Conv2D"), Model("StridedSlice"), Model("PartitionedCall"), Model("Split"), Model("ExtractImagePatches"), Model("SegmentMeanV2"), Model("StaticRegexReplace")];

    public ValueTask ReadAsync(byte[] input)
    {
        if (input.Length > 0)
        {
            using VersionFiles files = new(new MemoryModelArtifact("saved_model.pb", ("saved_model.pb", input)), "saved_model.pb");
            new SavedModelFormat().Prepare(files, CancellationToken.None).Dispose();
        }

        return ValueTask.CompletedTask;
    }

    // x [?,4,4,1] through one operator, with constants enough for any of them, and a function that negates.
    private static byte[] Model(string operation)
    {
        ProtoWriter file = new();
        file.Message(2, meta =>
        {
            meta.Message(1, info => info.Text(4, "serve"));
            meta.Message(2, graph =>
            {
                graph.Message(1, node => Node(node, "x", "Placeholder", [], ("shape", value => value.Message(7, shape => Shape(shape, -1, 4, 4, 1)))));
                graph.Message(1, node => Constant(node, "w", Float, [2, 2, 1, 1], 4));
                graph.Message(1, node => Constant(node, "c", Int32, [2], 2));
                string[] inputs = operation switch { "Conv2D" => ["x", "w"], "StridedSlice" => ["x", "c", "c", "c"], "Split" => ["c", "x"], "SegmentMeanV2" => ["x", "c", "c"], _ => ["x"] };
                graph.Message(1, node => Node(
                    node,
                    "y",
                    operation,
                    inputs,
                    ("strides", value => value.Message(1, list => list.PackedInt64(3, [1, 1, 1, 1]))),
                    ("ksizes", value => value.Message(1, list => list.PackedInt64(3, [1, 2, 2, 1]))),
                    ("pattern", value => value.Text(2, "(?i)[^[:alpha:]\\d-]+|\\x{1F642}?")),
                    ("padding", value => value.Text(2, "SAME")),
                    ("shrink_axis_mask", value => value.Int64(3, 1)),
                    ("num_split", value => value.Int64(3, 2)),
                    ("f", value => value.Message(10, function => function.Text(1, "negate")))));
                graph.Message(2, library => library.Message(1, Negate));
            });
            meta.Message(5, signature =>
            {
                signature.Text(1, "serving_default");
                signature.Message(2, definition =>
                {
                    Tensor(definition, 1, "x");
                    Tensor(definition, 2, "y");
                });
            });
        });
        return file.Written.ToArray();
    }

    private static void Negate(ProtoWriter function)
    {
        function.Message(1, signature =>
        {
            signature.Text(1, "negate");
            signature.Message(2, argument => argument.Text(1, "a"));
            signature.Message(3, result => result.Text(1, "r"));
        });
        function.Message(3, node => Node(node, "n", "Neg", ["a"]));
        function.Message(4, entry =>
        {
            entry.Text(1, "r");
            entry.Text(2, "n:y:0");
        });
    }

    private static void Node(ProtoWriter node, string name, string operation, string[] inputs, params (string Name, Action<ProtoWriter> Value)[] attributes)
    {
        node.Text(1, name);
        node.Text(2, operation);
        foreach (string input in inputs)
        {
            node.Text(3, input);
        }

        foreach ((string key, Action<ProtoWriter> value) in attributes)
        {
            node.Message(5, entry =>
            {
                entry.Text(1, key);
                entry.Message(2, value);
            });
        }
    }

    private static void Constant(ProtoWriter node, string name, int type, long[] shape, int count) => Node(node, name, "Const", [], ("value", value => value.Message(8, tensor =>
    {
        tensor.Int64(1, type);
        tensor.Message(2, sizes => Shape(sizes, shape));
        tensor.Bytes(4, new byte[4 * count]);
    })));

    private static void Tensor(ProtoWriter definition, int field, string name) => definition.Message(field, entry =>
    {
        entry.Text(1, name);
        entry.Message(2, info =>
        {
            info.Text(1, name + ":0");
            info.Int64(2, Float);
            info.Message(3, shape => shape.Int64(3, 1));
        });
    });

    private static void Shape(ProtoWriter writer, params long[] sizes)
    {
        foreach (long size in sizes)
        {
            writer.Message(2, dimension => dimension.Int64(1, size));
        }
    }
}
