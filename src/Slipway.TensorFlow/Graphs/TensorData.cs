using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.TensorFlow.Graphs;

/// <summary>A constant tensor: little-endian elements in row-major order, or byte strings.</summary>
internal sealed class TensorData
{
    /// <summary>A tensor of numbers or truth values over <paramref name="raw"/>, which is kept.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when the bytes do not fill the shape.</exception>
    public TensorData(TensorFlowType type, PartialShape shape, ReadOnlyMemory<byte> raw)
    {
        long count = shape.ElementCount();
        if (count < 0 || type.ByteLength() == 0 || count != raw.Length / type.ByteLength() || raw.Length % type.ByteLength() != 0)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"a tensor of {type.ToDisplayName()} {shape} has {raw.Length} bytes, which is not its size");
        }

        (Type, Shape, Raw) = (type, shape, raw);
    }

    /// <summary>A tensor of byte strings.</summary>
    public TensorData(PartialShape shape, byte[][] strings)
    {
        if (shape.ElementCount() != strings.Length)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"a tensor of strings {shape} has {strings.Length} of them");
        }

        (Type, Shape, Strings) = (TensorFlowType.String, shape, strings);
    }

    /// <summary>Element type.</summary>
    public TensorFlowType Type { get; }

    /// <summary>Shape; every size is known.</summary>
    public PartialShape Shape { get; }

    /// <summary>Elements, unless they are strings.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>The strings; null for other types.</summary>
    public byte[][]? Strings { get; }

    /// <summary>Number of elements.</summary>
    public long Count => Strings?.Length ?? Raw.Length / Type.ByteLength();

    /// <summary>A vector of 64-bit integers.</summary>
    public static TensorData Of(ReadOnlySpan<long> values) => new(TensorFlowType.Int64, new PartialShape(values.Length), MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>The elements as integers; null unless the type is an integer or boolean one.</summary>
    public long[]? ToIntegers()
    {
        ReadOnlySpan<byte> raw = Raw.Span;
        return Type switch
        {
            TensorFlowType.Int64 => MemoryMarshal.Cast<byte, long>(raw).ToArray(),
            TensorFlowType.UInt64 => Widen(MemoryMarshal.Cast<byte, ulong>(raw)),
            TensorFlowType.Int32 => Widen(MemoryMarshal.Cast<byte, int>(raw)),
            TensorFlowType.UInt32 => Widen(MemoryMarshal.Cast<byte, uint>(raw)),
            TensorFlowType.Int16 => Widen(MemoryMarshal.Cast<byte, short>(raw)),
            TensorFlowType.UInt16 => Widen(MemoryMarshal.Cast<byte, ushort>(raw)),
            TensorFlowType.Int8 => Widen(MemoryMarshal.Cast<byte, sbyte>(raw)),
            TensorFlowType.UInt8 or TensorFlowType.Bool => Widen(raw),
            _ => null,
        };
    }

    /// <summary>The elements as doubles; null for strings, complex numbers and handles.</summary>
    public double[]? ToDoubles()
    {
        ReadOnlySpan<byte> raw = Raw.Span;
        return Type switch
        {
            TensorFlowType.Double => MemoryMarshal.Cast<byte, double>(raw).ToArray(),
            TensorFlowType.Float => [.. MemoryMarshal.Cast<byte, float>(raw).ToArray().Select(static value => (double)value)],
            TensorFlowType.Half => [.. MemoryMarshal.Cast<byte, Half>(raw).ToArray().Select(static value => (double)value)],
            _ => ToIntegers()?.Select(static value => (double)value).ToArray(),
        };
    }

    private static long[] Widen<T>(ReadOnlySpan<T> values)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        long[] wide = new long[values.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = long.CreateTruncating(values[i]);
        }

        return wide;
    }
}
