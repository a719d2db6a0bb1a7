using System.Collections.Frozen;

namespace Slipway.Core;

/// <summary>Sizes and names of the tensor element types.</summary>
public static class TensorDataTypes
{
    // Open Inference protocol names; INT4 and UINT4 are ours, as the protocol has none.
    private static readonly string[] Names =
    [
        "INVALID", "BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64",
        "FP16", "FP32", "FP64", "BYTES", "BF16", "INT4", "UINT4",
    ];

    private static readonly FrozenDictionary<string, TensorDataType> ByName =
        Names.Select((name, index) => (name, type: (TensorDataType)index))
            .Where(static pair => pair.type != TensorDataType.Undefined)
            .ToFrozenDictionary(static pair => pair.name, static pair => pair.type, StringComparer.Ordinal);

    /// <summary>The Open Inference name of the type: <c>FP32</c>, <c>INT64</c>, <c>BYTES</c> … (case sensitive).</summary>
    public static string ToName(this TensorDataType type) => Names[(int)type];

    /// <summary>Finds the type of an Open Inference name. Case sensitive, as the protocol says; false when there is none.</summary>
    public static bool TryParse(string? name, out TensorDataType type)
    {
        type = TensorDataType.Undefined;
        return name is not null && ByName.TryGetValue(name, out type);
    }

    /// <summary>Bytes of one element; 0 for types whose elements have no whole fixed size (<see cref="TensorDataType.String"/>, 4-bit types).</summary>
    public static int ElementSize(this TensorDataType type) => type switch
    {
        TensorDataType.Bool or TensorDataType.UInt8 or TensorDataType.Int8 => 1,
        TensorDataType.UInt16 or TensorDataType.Int16 or TensorDataType.Float16 or TensorDataType.BFloat16 => 2,
        TensorDataType.UInt32 or TensorDataType.Int32 or TensorDataType.Float32 => 4,
        TensorDataType.UInt64 or TensorDataType.Int64 or TensorDataType.Float64 => 8,
        _ => 0,
    };

    /// <summary>Whether all elements take the same number of bits, so that the byte length follows from the shape.</summary>
    public static bool IsFixedSize(this TensorDataType type) => type is not (TensorDataType.Undefined or TensorDataType.String);

    /// <summary>Bytes of <paramref name="elements"/> elements of a fixed-size type.</summary>
    /// <exception cref="ArgumentException">The type has no fixed size.</exception>
    /// <exception cref="OverflowException">The result does not fit 64 bits.</exception>
    public static long ByteLength(this TensorDataType type, long elements) => type switch
    {
        TensorDataType.Int4 or TensorDataType.UInt4 => (elements >> 1) + (elements & 1),
        _ when type.ElementSize() is > 0 and var size => checked(elements * size),
        _ => throw new ArgumentException($"{type.ToName()} has no fixed size", nameof(type)),
    };
}
