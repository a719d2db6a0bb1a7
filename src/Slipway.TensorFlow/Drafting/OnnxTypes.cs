using Slipway.Formats.Onnx;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Drafting;

/// <summary>Facts about ONNX's element types.</summary>
internal static class OnnxTypes
{
    /// <summary>TensorFlow's type of the same values.</summary>
    public static TensorFlowType ToTensorFlow(OnnxDataType type) => type switch
    {
        OnnxDataType.Float => TensorFlowType.Float,
        OnnxDataType.Double => TensorFlowType.Double,
        OnnxDataType.Float16 => TensorFlowType.Half,
        OnnxDataType.Int8 => TensorFlowType.Int8,
        OnnxDataType.Int16 => TensorFlowType.Int16,
        OnnxDataType.Int32 => TensorFlowType.Int32,
        OnnxDataType.Int64 => TensorFlowType.Int64,
        OnnxDataType.UInt8 => TensorFlowType.UInt8,
        OnnxDataType.UInt16 => TensorFlowType.UInt16,
        OnnxDataType.UInt32 => TensorFlowType.UInt32,
        OnnxDataType.UInt64 => TensorFlowType.UInt64,
        OnnxDataType.Bool => TensorFlowType.Bool,
        OnnxDataType.String => TensorFlowType.String,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>Whether values are floating-point numbers.</summary>
    public static bool IsFloating(this OnnxDataType type) => type is OnnxDataType.Float or OnnxDataType.Double or OnnxDataType.Float16;

    /// <summary>Whether values are integers with a sign.</summary>
    public static bool IsSignedInteger(this OnnxDataType type) => type is OnnxDataType.Int8 or OnnxDataType.Int16 or OnnxDataType.Int32 or OnnxDataType.Int64;

    /// <summary>Whether values are integers.</summary>
    public static bool IsInteger(this OnnxDataType type) =>
        type.IsSignedInteger() || type is OnnxDataType.UInt8 or OnnxDataType.UInt16 or OnnxDataType.UInt32 or OnnxDataType.UInt64;

    /// <summary>Wraps an integer to the type's width, as the type's arithmetic does.</summary>
    public static long Wrap(long value, OnnxDataType type) => type switch
    {
        OnnxDataType.Int8 => (sbyte)value,
        OnnxDataType.Int16 => (short)value,
        OnnxDataType.Int32 => (int)value,
        OnnxDataType.UInt8 => (byte)value,
        OnnxDataType.UInt16 => (ushort)value,
        OnnxDataType.UInt32 => (uint)value,
        OnnxDataType.Bool => value != 0 ? 1 : 0,
        _ => value,
    };
}
