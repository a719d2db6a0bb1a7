using Slipway.Core;
using Slipway.OnnxRuntime.Native;

namespace Slipway.OnnxRuntime.Values;

/// <summary>Element types here and in the engine.</summary>
internal static class ElementTypes
{
    /// <summary>The engine's number of a type.</summary>
    public static OnnxElementType ToOnnx(TensorDataType type) => type switch
    {
        TensorDataType.Bool => OnnxElementType.Bool,
        TensorDataType.UInt8 => OnnxElementType.UInt8,
        TensorDataType.UInt16 => OnnxElementType.UInt16,
        TensorDataType.UInt32 => OnnxElementType.UInt32,
        TensorDataType.UInt64 => OnnxElementType.UInt64,
        TensorDataType.Int8 => OnnxElementType.Int8,
        TensorDataType.Int16 => OnnxElementType.Int16,
        TensorDataType.Int32 => OnnxElementType.Int32,
        TensorDataType.Int64 => OnnxElementType.Int64,
        TensorDataType.Float16 => OnnxElementType.Float16,
        TensorDataType.Float32 => OnnxElementType.Float,
        TensorDataType.Float64 => OnnxElementType.Double,
        TensorDataType.String => OnnxElementType.String,
        TensorDataType.BFloat16 => OnnxElementType.BFloat16,
        TensorDataType.Int4 => OnnxElementType.Int4,
        TensorDataType.UInt4 => OnnxElementType.UInt4,
        _ => OnnxElementType.Undefined,
    };

    /// <summary>The type of an engine's number; <see cref="TensorDataType.Undefined"/> for those that have no counterpart (complex, 8-bit floats).</summary>
    public static TensorDataType FromOnnx(OnnxElementType type) => type switch
    {
        OnnxElementType.Bool => TensorDataType.Bool,
        OnnxElementType.UInt8 => TensorDataType.UInt8,
        OnnxElementType.UInt16 => TensorDataType.UInt16,
        OnnxElementType.UInt32 => TensorDataType.UInt32,
        OnnxElementType.UInt64 => TensorDataType.UInt64,
        OnnxElementType.Int8 => TensorDataType.Int8,
        OnnxElementType.Int16 => TensorDataType.Int16,
        OnnxElementType.Int32 => TensorDataType.Int32,
        OnnxElementType.Int64 => TensorDataType.Int64,
        OnnxElementType.Float16 => TensorDataType.Float16,
        OnnxElementType.Float => TensorDataType.Float32,
        OnnxElementType.Double => TensorDataType.Float64,
        OnnxElementType.String => TensorDataType.String,
        OnnxElementType.BFloat16 => TensorDataType.BFloat16,
        OnnxElementType.Int4 => TensorDataType.Int4,
        OnnxElementType.UInt4 => TensorDataType.UInt4,
        _ => TensorDataType.Undefined,
    };
}
