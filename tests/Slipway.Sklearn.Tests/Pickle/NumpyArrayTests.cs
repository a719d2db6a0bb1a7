using Slipway.Core;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Tests.Pickle;

public sealed class NumpyArrayTests
{
    [Fact]
    public void Fortran_order_is_read_row_by_row()
    {
        // [[1,2,3],[4,5,6]] as float32, first index fastest
        byte[] bytes = [.. new float[] { 1, 4, 2, 5, 3, 6 }.SelectMany(BitConverter.GetBytes)];
        NumpyArray array = new(NumpyDtype.Parse("f4")!, [2, 3], true, bytes);
        Assert.Equal([1, 2, 3, 4, 5, 6], array.ToDoubles());
        Assert.Equal([1, 2, 3, 4, 5, 6], array.ToInt64s());
    }

    [Theory]
    [InlineData(">i4", new byte[] { 0xff, 0xff, 0xff, 0xfe }, -2)]
    [InlineData("<i2", new byte[] { 0xfe, 0xff }, -2)]
    [InlineData("u1", new byte[] { 200 }, 200)]
    [InlineData("b1", new byte[] { 1 }, 1)]
    [InlineData("<f2", new byte[] { 0x00, 0x3e }, 1.5)]
    [InlineData(">f8", new byte[] { 0x3f, 0xf8, 0, 0, 0, 0, 0, 0 }, 1.5)]
    public void Every_number_type_and_byte_order_becomes_a_double(string spec, byte[] bytes, double expected) =>
        Assert.Equal(expected, new NumpyArray(NumpyDtype.Parse(spec)!, [], false, bytes).ToDoubles()[0]);

    [Fact]
    public void Text_is_four_bytes_a_character_padded_with_zeros()
    {
        NumpyArray array = new(NumpyDtype.Parse("<U3")!, [2], false, Convert.FromHexString("610000006200000000000000" + "e90000000000000000000000"));
        Assert.Equal(["ab", "é"], array.ToObjects());
    }

    [Fact]
    public void A_fraction_is_not_an_integer()
    {
        NumpyArray array = new(NumpyDtype.Parse("f8")!, [1], false, BitConverter.GetBytes(1.5));
        Assert.Equal(ErrorCode.InvalidModel, Assert.Throws<SlipwayException>(array.ToInt64s).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("q7")]
    [InlineData("i3")]
    [InlineData("f99999999999")]
    [InlineData("<")]
    public void What_is_no_dtype_is_none(string spec) => Assert.Null(NumpyDtype.Parse(spec));
}
