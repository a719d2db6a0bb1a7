using Slipway.Core;

namespace Slipway.Formats.Onnx;

/// <summary>Sizes and names of ONNX's element types.</summary>
public static class OnnxDataTypes
{
    /// <summary>Bits of one element; 0 for strings and unknown types.</summary>
    public static int Bits(this OnnxDataType type) => type switch
    {
        OnnxDataType.UInt2 or OnnxDataType.Int2 => 2,
        OnnxDataType.UInt4 or OnnxDataType.Int4 or OnnxDataType.Float4E2M1 => 4,
        OnnxDataType.Bool or OnnxDataType.UInt8 or OnnxDataType.Int8 => 8,
        OnnxDataType.Float8E4M3FN or OnnxDataType.Float8E4M3FNUZ or OnnxDataType.Float8E5M2 => 8,
        OnnxDataType.Float8E5M2FNUZ or OnnxDataType.Float8E8M0 => 8,
        OnnxDataType.UInt16 or OnnxDataType.Int16 or OnnxDataType.Float16 or OnnxDataType.BFloat16 => 16,
        OnnxDataType.Float or OnnxDataType.Int32 or OnnxDataType.UInt32 => 32,
        OnnxDataType.Double or OnnxDataType.Int64 or OnnxDataType.UInt64 or OnnxDataType.Complex64 => 64,
        OnnxDataType.Complex128 => 128,
        _ => 0,
    };

    /// <summary>The type as Slipway's tensors have it; <see cref="TensorDataType.Undefined"/> when they have none such.</summary>
    public static TensorDataType ToTensorDataType(this OnnxDataType type) => type switch
    {
        OnnxDataType.Bool => TensorDataType.Bool,
        OnnxDataType.UInt8 => TensorDataType.UInt8,
        OnnxDataType.UInt16 => TensorDataType.UInt16,
        OnnxDataType.UInt32 => TensorDataType.UInt32,
        OnnxDataType.UInt64 => TensorDataType.UInt64,
        OnnxDataType.Int8 => TensorDataType.Int8,
        OnnxDataType.Int16 => TensorDataType.Int16,
        OnnxDataType.Int32 => TensorDataType.Int32,
        OnnxDataType.Int64 => TensorDataType.Int64,
        OnnxDataType.Float16 => TensorDataType.Float16,
        OnnxDataType.Float => TensorDataType.Float32,
        OnnxDataType.Double => TensorDataType.Float64,
        OnnxDataType.String => TensorDataType.String,
        OnnxDataType.BFloat16 => TensorDataType.BFloat16,
        OnnxDataType.Int4 => TensorDataType.Int4,
        OnnxDataType.UInt4 => TensorDataType.UInt4,
        _ => TensorDataType.Undefined,
    };

    /// <summary>The name shown to people: Open Inference's where it has one, else ONNX's.</summary>
    public static string ToDisplayName(this OnnxDataType type) =>
        type.ToTensorDataType() is not TensorDataType.Undefined and var known ? known.ToName()
        : Enum.IsDefined(type) ? type.ToString().ToUpperInvariant()
        : $"TYPE_{(int)type}";

    /// <summary>Bytes of <paramref name="elements"/> packed elements; false for strings, unknown types and results beyond 63 bits.</summary>
    public static bool TryGetByteLength(this OnnxDataType type, long elements, out long bytes)
    {
        int bits = type.Bits();
        UInt128 total = ((UInt128)(ulong)elements * (uint)bits) + 7 >> 3;
        bytes = bits > 0 && elements >= 0 && total <= long.MaxValue ? (long)total : 0;
        return bits > 0 && elements >= 0 && total <= long.MaxValue;
    }
}
