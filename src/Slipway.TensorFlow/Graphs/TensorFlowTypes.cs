using Slipway.Core;
using Slipway.Formats.Onnx;

namespace Slipway.TensorFlow.Graphs;

/// <summary>Facts about element types.</summary>
internal static class TensorFlowTypes
{
    private const int ReferenceOffset = 100;

    /// <summary>The type behind a number of a file; a reference type is its value type.</summary>
    public static TensorFlowType FromNumber(long number) => (TensorFlowType)(number is > ReferenceOffset and < 2 * ReferenceOffset ? number - ReferenceOffset : number);

    /// <summary>The number that a file has for a name: <c>DT_FLOAT</c>, <c>DT_FLOAT_REF</c>.</summary>
    public static bool TryParseName(string name, out long number)
    {
        bool isReference = name.EndsWith("_REF", StringComparison.Ordinal);
        string plain = isReference ? name[..^4] : name;
        TensorFlowType type = Array.Find(Enum.GetValues<TensorFlowType>(), type => type.ToDisplayName() == plain);
        number = (long)type + (isReference ? ReferenceOffset : 0);
        return plain == type.ToDisplayName();
    }

    /// <summary>ONNX's type of the same values.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> for types that have none.</exception>
    public static OnnxDataType ToOnnx(this TensorFlowType type) => type switch
    {
        TensorFlowType.Float => OnnxDataType.Float,
        TensorFlowType.Double => OnnxDataType.Double,
        TensorFlowType.Int32 => OnnxDataType.Int32,
        TensorFlowType.UInt8 => OnnxDataType.UInt8,
        TensorFlowType.Int16 => OnnxDataType.Int16,
        TensorFlowType.Int8 => OnnxDataType.Int8,
        TensorFlowType.String => OnnxDataType.String,
        TensorFlowType.Int64 => OnnxDataType.Int64,
        TensorFlowType.Bool => OnnxDataType.Bool,
        TensorFlowType.UInt16 => OnnxDataType.UInt16,
        TensorFlowType.Half => OnnxDataType.Float16,
        TensorFlowType.UInt32 => OnnxDataType.UInt32,
        TensorFlowType.UInt64 => OnnxDataType.UInt64,
        _ => throw new SlipwayException(ErrorCode.NotSupported, $"element type {type.ToDisplayName()} is not converted"),
    };

    /// <summary>Bytes of one element; 0 when elements have no fixed size.</summary>
    public static int ByteLength(this TensorFlowType type) => type switch
    {
        TensorFlowType.Bool or TensorFlowType.Int8 or TensorFlowType.UInt8 or TensorFlowType.QInt8 or TensorFlowType.QUInt8 => 1,
        TensorFlowType.Half or TensorFlowType.BFloat16 or TensorFlowType.Int16 or TensorFlowType.UInt16 or TensorFlowType.QInt16 or TensorFlowType.QUInt16 => 2,
        TensorFlowType.Float or TensorFlowType.Int32 or TensorFlowType.UInt32 or TensorFlowType.QInt32 => 4,
        TensorFlowType.Double or TensorFlowType.Int64 or TensorFlowType.UInt64 or TensorFlowType.Complex64 => 8,
        TensorFlowType.Complex128 => 16,
        _ => 0,
    };

    /// <summary>The name as TensorFlow writes it: <c>DT_FLOAT</c>.</summary>
    public static string ToDisplayName(this TensorFlowType type) =>
        Enum.IsDefined(type) ? "DT_" + type.ToString().ToUpperInvariant() : $"number {(int)type}";
}
