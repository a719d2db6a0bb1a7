using Google.Protobuf.Reflection;
using Slipway.Core;
using Slipway.Protocols.Protos.TensorFlow;

namespace Slipway.Protocols.TensorFlowServing;

/// <summary>TensorFlow's element types.</summary>
internal static class TensorFlowTypes
{
    private static readonly EnumDescriptor Names = FrameworkReflection.Descriptor.EnumTypes.Single(static type => type.ClrType == typeof(DataType));

    /// <summary>The element type of TensorFlow's number; false for those that no model here can take.</summary>
    public static bool TryParse(ulong number, out TensorDataType type)
    {
        type = number > int.MaxValue ? TensorDataType.Undefined : (DataType)(int)number switch
        {
            DataType.DtFloat => TensorDataType.Float32,
            DataType.DtDouble => TensorDataType.Float64,
            DataType.DtInt32 => TensorDataType.Int32,
            DataType.DtUint8 => TensorDataType.UInt8,
            DataType.DtInt16 => TensorDataType.Int16,
            DataType.DtInt8 => TensorDataType.Int8,
            DataType.DtString => TensorDataType.String,
            DataType.DtInt64 => TensorDataType.Int64,
            DataType.DtBool => TensorDataType.Bool,
            DataType.DtBfloat16 => TensorDataType.BFloat16,
            DataType.DtUint16 => TensorDataType.UInt16,
            DataType.DtHalf => TensorDataType.Float16,
            DataType.DtUint32 => TensorDataType.UInt32,
            DataType.DtUint64 => TensorDataType.UInt64,
            _ => TensorDataType.Undefined,
        };
        return type != TensorDataType.Undefined;
    }

    /// <summary>TensorFlow's name of an element type.</summary>
    public static DataType ToTensorFlow(this TensorDataType type) => type switch
    {
        TensorDataType.Bool => DataType.DtBool,
        TensorDataType.UInt8 => DataType.DtUint8,
        TensorDataType.UInt16 => DataType.DtUint16,
        TensorDataType.UInt32 => DataType.DtUint32,
        TensorDataType.UInt64 => DataType.DtUint64,
        TensorDataType.Int8 => DataType.DtInt8,
        TensorDataType.Int16 => DataType.DtInt16,
        TensorDataType.Int32 => DataType.DtInt32,
        TensorDataType.Int64 => DataType.DtInt64,
        TensorDataType.Float16 => DataType.DtHalf,
        TensorDataType.Float32 => DataType.DtFloat,
        TensorDataType.Float64 => DataType.DtDouble,
        TensorDataType.String => DataType.DtString,
        TensorDataType.BFloat16 => DataType.DtBfloat16,
        TensorDataType.Int4 => DataType.DtInt4,
        TensorDataType.UInt4 => DataType.DtUint4,
        _ => DataType.DtInvalid,
    };

    /// <summary>The name as protobuf's JSON has it: <c>DT_FLOAT</c>.</summary>
    public static string ToName(this DataType type) => Names.FindValueByNumber((int)type)?.Name ?? "DT_INVALID";

    /// <summary>Number of the TensorProto field that holds typed values; 0 when there is none.</summary>
    public static int ValueField(TensorDataType type) => type switch
    {
        TensorDataType.Float32 => 5,
        TensorDataType.Float64 => 6,
        TensorDataType.Int32 or TensorDataType.Int16 or TensorDataType.Int8 or TensorDataType.UInt8 or TensorDataType.UInt16 => 7,
        TensorDataType.String => 8,
        TensorDataType.Int64 => 10,
        TensorDataType.Bool => 11,
        TensorDataType.Float16 or TensorDataType.BFloat16 => 13,
        TensorDataType.UInt32 => 16,
        TensorDataType.UInt64 => 17,
        _ => 0,
    };

    /// <summary>Whether a field of TensorProto holds typed values, of whatever type.</summary>
    public static bool IsValueField(int field) => field is (>= 5 and <= 13) or 16 or 17 or 18;
}
