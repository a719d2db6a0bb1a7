using System.Buffers;
using System.Buffers.Binary;
using Slipway.Core;
using Slipway.Protocols.Tensors;

namespace Slipway.Protocols.TensorFlowServing;

/// <summary>Collects features' values as the elements of one input.</summary>
internal sealed class ExampleValues(TensorSignature input, long maxBytes)
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Takes all values of a feature.</summary>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.InvalidRequest"/> for values of another kind, <see cref="ErrorCode.PayloadTooLarge"/> beyond the bound.
    /// </exception>
    public void Add(string name, int row, in ExampleFeature feature)
    {
        for (int i = 0; i < feature.Count; i++)
        {
            if (feature.Strings is { } strings)
            {
                AddString(name, row, strings[i].Span);
            }
            else if (feature.Integers is { } integers)
            {
                AddInteger(name, row, integers[i]);
            }
            else
            {
                AddFloat(name, row, feature.Floats![i]);
            }
        }
    }

    /// <summary>Takes a missing value, which only floats have: NaN.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> for other datatypes.</exception>
    public void AddMissing(string name, int row)
    {
        if (input.DataType is not (TensorDataType.Float16 or TensorDataType.Float32 or TensorDataType.Float64))
        {
            throw Invalid(name, row, "is missing");
        }

        AddFloat(name, row, float.NaN);
    }

    /// <summary>The elements as a tensor.</summary>
    public Tensor ToTensor(TensorShape shape) => new(input.Name, input.DataType, shape, _bytes.WrittenMemory);

    private void AddString(string name, int row, ReadOnlySpan<byte> value)
    {
        if (input.DataType != TensorDataType.String)
        {
            throw Invalid(name, row, $"has byte strings, expected {input.DataType.ToName()}");
        }

        Span<byte> length = stackalloc byte[PackedStrings.PrefixLength];
        BinaryPrimitives.WriteInt32LittleEndian(length, value.Length);
        Write(length);
        Write(value);
    }

    private void AddInteger(string name, int row, long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        (long least, long most) = input.DataType switch
        {
            TensorDataType.Bool => (0, 1),
            TensorDataType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
            TensorDataType.UInt8 => (0, byte.MaxValue),
            TensorDataType.Int16 => (short.MinValue, short.MaxValue),
            TensorDataType.UInt16 => (0, ushort.MaxValue),
            TensorDataType.Int32 => (int.MinValue, int.MaxValue),
            TensorDataType.UInt32 => (0, uint.MaxValue),
            TensorDataType.Int64 => (long.MinValue, long.MaxValue),
            TensorDataType.UInt64 => (0, long.MaxValue),
            _ => (1L, 0L),
        };
        if (least > most)
        {
            AddFloat(name, row, value);
            return;
        }

        if (value < least || value > most)
        {
            throw Invalid(name, row, $"has a value that does not fit {input.DataType.ToName()}");
        }

        Write(bytes[..input.DataType.ElementSize()]);
    }

    private void AddFloat(string name, int row, double value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        switch (input.DataType)
        {
            case TensorDataType.Float16:
                BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)value);
                break;
            case TensorDataType.Float32:
                BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)value);
                break;
            case TensorDataType.Float64:
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
                break;
            default:
                throw Invalid(name, row, $"has numbers that are not {input.DataType.ToName()}");
        }

        Write(bytes[..input.DataType.ElementSize()]);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        if ((long)_bytes.WrittenCount + bytes.Length > maxBytes)
        {
            throw new SlipwayException(ErrorCode.PayloadTooLarge, $"input '{input.Name}': the examples make more than {maxBytes} bytes");
        }

        _bytes.Write(bytes);
    }

    private static SlipwayException Invalid(string name, int row, string what) =>
        new(ErrorCode.InvalidRequest, $"example {row}: feature '{name}' {what}");
}
