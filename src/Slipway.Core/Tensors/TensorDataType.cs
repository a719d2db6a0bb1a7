namespace Slipway.Core;

/// <summary>
/// Element type of a tensor. Numbers are stored and sent (Open Inference's <c>ModelConfig</c> uses the same ones up to
/// <see cref="BFloat16"/>): never reuse or renumber one.
/// </summary>
public enum TensorDataType : byte
{
    /// <summary>No type; never valid in a tensor.</summary>
    Undefined = 0,

    /// <summary>One byte, 0 or 1.</summary>
    Bool = 1,

    /// <summary>Unsigned 8-bit integer.</summary>
    UInt8 = 2,

    /// <summary>Unsigned 16-bit integer.</summary>
    UInt16 = 3,

    /// <summary>Unsigned 32-bit integer.</summary>
    UInt32 = 4,

    /// <summary>Unsigned 64-bit integer.</summary>
    UInt64 = 5,

    /// <summary>Signed 8-bit integer.</summary>
    Int8 = 6,

    /// <summary>Signed 16-bit integer.</summary>
    Int16 = 7,

    /// <summary>Signed 32-bit integer.</summary>
    Int32 = 8,

    /// <summary>Signed 64-bit integer.</summary>
    Int64 = 9,

    /// <summary>IEEE 754 binary16.</summary>
    Float16 = 10,

    /// <summary>IEEE 754 binary32.</summary>
    Float32 = 11,

    /// <summary>IEEE 754 binary64.</summary>
    Float64 = 12,

    /// <summary>Byte strings, packed: for each element a 32-bit little-endian length and that many bytes (usually UTF-8).</summary>
    String = 13,

    /// <summary>The upper half of an IEEE 754 binary32.</summary>
    BFloat16 = 14,

    /// <summary>Signed 4-bit integer, two to a byte, first element in the low nibble, odd counts padded.</summary>
    Int4 = 15,

    /// <summary>Unsigned 4-bit integer, packed as <see cref="Int4"/>.</summary>
    UInt4 = 16,
}
