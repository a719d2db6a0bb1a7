namespace Slipway.Core.Tests.Tensors;

public sealed class TensorDataTypesTests
{
    // Stored and sent: when this fails, a number or name was changed. Add new members at the end; never renumber.
    private static readonly (TensorDataType Type, int Number, string Name, int Size)[] Frozen =
    [
        (TensorDataType.Undefined, 0, "INVALID", 0), (TensorDataType.Bool, 1, "BOOL", 1), (TensorDataType.UInt8, 2, "UINT8", 1),
        (TensorDataType.UInt16, 3, "UINT16", 2), (TensorDataType.UInt32, 4, "UINT32", 4), (TensorDataType.UInt64, 5, "UINT64", 8),
        (TensorDataType.Int8, 6, "INT8", 1), (TensorDataType.Int16, 7, "INT16", 2), (TensorDataType.Int32, 8, "INT32", 4),
        (TensorDataType.Int64, 9, "INT64", 8), (TensorDataType.Float16, 10, "FP16", 2), (TensorDataType.Float32, 11, "FP32", 4),
        (TensorDataType.Float64, 12, "FP64", 8), (TensorDataType.String, 13, "BYTES", 0), (TensorDataType.BFloat16, 14, "BF16", 2),
        (TensorDataType.Int4, 15, "INT4", 0), (TensorDataType.UInt4, 16, "UINT4", 0),
    ];

    [Fact]
    public void Numbers_names_and_sizes_are_frozen()
    {
        Assert.Equal(Enum.GetValues<TensorDataType>(), Frozen.Select(row => row.Type));
        foreach ((TensorDataType type, int number, string name, int size) in Frozen)
        {
            Assert.Equal(number, (int)type);
            Assert.Equal(name, type.ToName());
            Assert.Equal(size, type.ElementSize());
            Assert.Equal(type != TensorDataType.Undefined, TensorDataTypes.TryParse(name, out TensorDataType parsed));
            Assert.Equal(type, parsed);
        }
    }

    [Theory]
    [InlineData("fp32")]
    [InlineData("STRING")]
    [InlineData("")]
    [InlineData(null)]
    public void TryParse_of_anything_else_fails(string? name) => Assert.False(TensorDataTypes.TryParse(name, out _));

    [Fact]
    public void ByteLength_packs_two_four_bit_elements_to_a_byte()
    {
        Assert.Equal(0, TensorDataType.Int4.ByteLength(0));
        Assert.Equal(1, TensorDataType.Int4.ByteLength(1));
        Assert.Equal(2, TensorDataType.UInt4.ByteLength(3));
        Assert.Equal(24, TensorDataType.Float64.ByteLength(3));
        Assert.Throws<OverflowException>(() => TensorDataType.Float32.ByteLength(long.MaxValue));
        Assert.Throws<ArgumentException>(() => TensorDataType.String.ByteLength(1));
    }
}
