using System.Diagnostics;
using System.Runtime.InteropServices;
using Slipway.TensorFlow.Graphs;
using Attribute = Slipway.TensorFlow.Tests.GraphWriter.Attribute;

namespace Slipway.TensorFlow.Tests;

public sealed class LargeModelTests(ITestOutputHelper output)
{
    /// <summary>All that conversion ever allocates bounds what it holds at once: four times the files and 200 MB.</summary>
    [Fact]
    [Trait("Category", "Slow")]
    public void Fifty_megabytes_of_weights_are_converted_without_copying_them_around()
    {
        const int Layers = 48, Width = 512;
        GraphWriter graph = new();
        BundleWriter bundle = new();
        graph.Node("x", "Placeholder", [], ("dtype", Attribute.Type(TensorFlowType.Float)), ("shape", Attribute.Shape([-1, Width])));
        string last = "x";
        for (int i = 0; i < Layers; i++)
        {
            graph.Node($"v{i}", "VarHandleOp", [], ("dtype", Attribute.Type(TensorFlowType.Float)), ("shape", Attribute.Shape([Width, Width])), ("shared_name", Attribute.Text($"w{i}")));
            graph.Node($"r{i}", "ReadVariableOp", [$"v{i}"]);
            graph.Node($"m{i}", "MatMul", [last, $"r{i}"]);
            last = graph.Node($"a{i}", "Relu", [$"m{i}"]);
            bundle.Add($"w{i}", TensorFlowType.Float, [Width, Width], MemoryMarshal.AsBytes<float>(new float[Width * Width]).ToArray());
        }

        graph.Signature("serving_default", [("x", "x:0", TensorFlowType.Float, [-1, Width])], [("y", last + ":0", TensorFlowType.Float, [-1, Width])]);
        (string Name, byte[] Content)[] files = bundle.Files();
        byte[] model = graph.ToBytes();
        long size = files.Sum(static file => (long)file.Content.Length) + model.Length;

        long before = GC.GetTotalAllocatedBytes(precise: true);
        Stopwatch watch = Stopwatch.StartNew();
        byte[] converted = GraphWriter.Convert(model, null, files);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        output.WriteLine($"{size >> 20} MiB converted in {watch.Elapsed.TotalSeconds:F2} s, {allocated >> 20} MiB allocated in all");
        Assert.True(size > 50_000_000);
        Assert.InRange(converted.Length, size * 0.95, size * 1.05);
        Assert.InRange(allocated, 0, (4 * size) + 200_000_000);
    }
}
