using Slipway.Formats.Onnx;

namespace Slipway.TensorFlow.Tests.Operators;

/// <summary>Looks into converted models.</summary>
internal static class ConvertedModel
{
    /// <summary>The operators of the nodes, in order.</summary>
    public static string[] Operators(byte[] model) => [.. OnnxReader.Read(new MemoryStream(model), model.Length).Graph!.Nodes.Select(static node => node.Operator)];
}
