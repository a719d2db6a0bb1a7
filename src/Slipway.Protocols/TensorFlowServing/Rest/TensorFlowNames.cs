using Slipway.Core;

namespace Slipway.Protocols.TensorFlowServing.Rest;

/// <summary>Names that TensorFlow's JSON has for things that Core names otherwise.</summary>
internal static class TensorFlowNames
{
    /// <summary>Name of a datatype in TensorFlow's <c>DataType</c>.</summary>
    public static string ToTensorFlowName(this TensorDataType type) => type switch
    {
        TensorDataType.Bool => "DT_BOOL",
        TensorDataType.UInt8 => "DT_UINT8",
        TensorDataType.UInt16 => "DT_UINT16",
        TensorDataType.UInt32 => "DT_UINT32",
        TensorDataType.UInt64 => "DT_UINT64",
        TensorDataType.Int8 => "DT_INT8",
        TensorDataType.Int16 => "DT_INT16",
        TensorDataType.Int32 => "DT_INT32",
        TensorDataType.Int64 => "DT_INT64",
        TensorDataType.Float16 => "DT_HALF",
        TensorDataType.Float32 => "DT_FLOAT",
        TensorDataType.Float64 => "DT_DOUBLE",
        TensorDataType.String => "DT_STRING",
        TensorDataType.BFloat16 => "DT_BFLOAT16",
        TensorDataType.Int4 => "DT_INT4",
        TensorDataType.UInt4 => "DT_UINT4",
        _ => "DT_INVALID",
    };

    /// <summary>Name of a version's state.</summary>
    public static string ToName(this ServingVersionState state) => state switch
    {
        ServingVersionState.Start => "START",
        ServingVersionState.Loading => "LOADING",
        ServingVersionState.Available => "AVAILABLE",
        ServingVersionState.Unloading => "UNLOADING",
        ServingVersionState.End => "END",
        _ => "UNKNOWN",
    };
}
