using System.Runtime.InteropServices;

namespace Slipway.Bench.Models;

/// <summary>Large model files of other frameworks, written from a fixed seed.</summary>
internal static class LargeFiles
{
    private const int Float = 1;
    private const int Width = 1024;

    /// <summary>A frozen SavedModel of dense layers of 1024 by 1024 weights, 4 MiB each.</summary>
    public static void WriteSavedModel(string folder, int layers)
    {
        Random random = new(42);
        ProtobufMessage graph = new();
        graph.Add(1, Node("x", "Placeholder", [], ("shape", new ProtobufMessage().Add(7, Shape(-1, Width)))));
        for (int layer = 0; layer < layers; layer++)
        {
            float[] weights = [.. Enumerable.Range(0, Width * Width).Select(_ => (random.NextSingle() - 0.5f) / 16)];
            ProtobufMessage tensor = new ProtobufMessage().Add(1, Float).Add(2, Shape(Width, Width)).Add(4, MemoryMarshal.AsBytes(weights.AsSpan()).ToArray());
            graph.Add(1, Node($"w{layer}", "Const", [], ("value", new ProtobufMessage().Add(8, tensor))));
            graph.Add(1, Node($"m{layer}", "MatMul", [layer == 0 ? "x" : $"r{layer - 1}", $"w{layer}"]));
            graph.Add(1, Node($"r{layer}", "Relu", [$"m{layer}"]));
        }

        ProtobufMessage signature = new ProtobufMessage()
            .Add(1, Entry("x", Info("x:0")))
            .Add(2, Entry("y", Info($"r{layers - 1}:0")))
            .Add(3, "tensorflow/serving/predict");
        ProtobufMessage meta = new ProtobufMessage().Add(1, new ProtobufMessage().Add(4, "serve")).Add(2, graph).Add(5, Entry("serving_default", signature));
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "saved_model.pb"), new ProtobufMessage().Add(1, 1).Add(2, meta).ToArray());
    }

    private static ProtobufMessage Node(string name, string operation, string[] inputs, params (string Name, ProtobufMessage Value)[] attributes)
    {
        ProtobufMessage node = new ProtobufMessage().Add(1, name).Add(2, operation);
        foreach (string input in inputs)
        {
            node.Add(3, input);
        }

        ProtobufMessage type = new ProtobufMessage().Add(6, Float);
        foreach ((string key, ProtobufMessage value) in attributes.Append(("dtype", type)).Append(("T", type)))
        {
            node.Add(5, Entry(key, value));
        }

        return node;
    }

    private static ProtobufMessage Info(string tensor) => new ProtobufMessage().Add(1, tensor).Add(2, Float).Add(3, Shape(-1, Width));

    private static ProtobufMessage Entry(string key, ProtobufMessage value) => new ProtobufMessage().Add(1, key).Add(2, value);

    private static ProtobufMessage Shape(params long[] sizes)
    {
        ProtobufMessage shape = new();
        foreach (long size in sizes)
        {
            // A varint of a negative number has ten bytes.
            shape.Add(2, size < 0 ? [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01] : new ProtobufMessage().Add(1, size).ToArray());
        }

        return shape;
    }
}
