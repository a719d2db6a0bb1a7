using System.Runtime.InteropServices;
using Slipway.Formats.Onnx;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Drafting;

/// <summary>Makes constants of a floating-point type.</summary>
internal static class ConstantNumbers
{
    /// <summary>The numbers, rounded to <paramref name="type"/>.</summary>
    public static TensorData ToTensor(double[] values, OnnxDataType type, PartialShape shape) => new(OnnxTypes.ToTensorFlow(type), shape, type switch
    {
        OnnxDataType.Double => MemoryMarshal.AsBytes<double>(values).ToArray(),
        OnnxDataType.Float => MemoryMarshal.AsBytes<float>(Array.ConvertAll(values, static value => (float)value)).ToArray(),
        OnnxDataType.Float16 => MemoryMarshal.AsBytes<Half>(Array.ConvertAll(values, static value => (Half)value)).ToArray(),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    });
}
