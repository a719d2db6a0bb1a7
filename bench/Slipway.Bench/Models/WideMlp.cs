using System.Buffers.Binary;

namespace Slipway.Bench.Models;

/// <summary>Writes a multi-layer perceptron 512-2048-2048-8 with random weights as an ONNX file, field by field of onnx.proto.</summary>
internal static class WideMlp
{
    private static readonly int[] Layers = [512, 2048, 2048, 8];

    /// <summary>Writes the file and returns its path.</summary>
    public static string Write(string path)
    {
        Random random = new(11);
        ProtobufMessage graph = new();
        string value = "input";
        for (int i = 0; i + 1 < Layers.Length; i++)
        {
            bool last = i + 2 == Layers.Length;
            graph.Add(1, Node("MatMul", [value, $"w{i}"], $"m{i}")).Add(1, Node("Add", [$"m{i}", $"b{i}"], last ? "output" : $"a{i}"));
            graph.Add(5, Weights($"w{i}", [Layers[i], Layers[i + 1]], random)).Add(5, Weights($"b{i}", [Layers[i + 1]], random));
            if (!last)
            {
                graph.Add(1, Node("Relu", [$"a{i}"], $"r{i}"));
                value = $"r{i}";
            }
        }

        graph.Add(2, "wide").Add(11, ValueInfo("input", Layers[0])).Add(12, ValueInfo("output", Layers[^1]));
        ProtobufMessage model = new ProtobufMessage().Add(1, 8).Add(7, graph).Add(8, new ProtobufMessage().Add(2, 13));
        File.WriteAllBytes(path, model.ToArray());
        return path;
    }

    private static ProtobufMessage Node(string operation, string[] inputs, string output)
    {
        ProtobufMessage node = new();
        foreach (string input in inputs)
        {
            node.Add(1, input);
        }

        return node.Add(2, output).Add(4, operation);
    }

    private static ProtobufMessage Weights(string name, int[] shape, Random random)
    {
        ProtobufMessage tensor = new();
        int count = 1;
        foreach (int size in shape)
        {
            tensor.Add(1, size);
            count *= size;
        }

        byte[] raw = new byte[count * sizeof(float)];
        for (int i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(raw.AsSpan(i * sizeof(float)), (float)((random.NextDouble() - 0.5) / Math.Sqrt(shape[0])));
        }

        return tensor.Add(2, 1).Add(8, name).Add(9, raw);
    }

    private static ProtobufMessage ValueInfo(string name, int width)
    {
        ProtobufMessage shape = new ProtobufMessage().Add(1, new ProtobufMessage().Add(2, "batch")).Add(1, new ProtobufMessage().Add(1, width));
        return new ProtobufMessage().Add(1, name).Add(2, new ProtobufMessage().Add(1, new ProtobufMessage().Add(1, 1).Add(2, shape)));
    }
}
