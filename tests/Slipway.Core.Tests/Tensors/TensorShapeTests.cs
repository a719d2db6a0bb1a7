namespace Slipway.Core.Tests.Tensors;

public sealed class TensorShapeTests
{
    [Theory]
    [InlineData(new long[0], 1)]
    [InlineData(new long[] { 0 }, 0)]
    [InlineData(new long[] { 3, 4 }, 12)]
    [InlineData(new long[] { 1L << 31, 1L << 31 }, 1L << 62)]
    [InlineData(new long[] { 0, 5, 7 }, 0)]
    public void TryGetElementCount_of_a_concrete_shape_is_the_product(long[] dimensions, long expected)
    {
        Assert.True(new TensorShape(dimensions).TryGetElementCount(out long count));
        Assert.Equal(expected, count);
    }

    [Theory]
    [InlineData(new long[] { -1 })]
    [InlineData(new long[] { 2, -1 })]
    [InlineData(new long[] { 1L << 32, 1L << 31 })]
    [InlineData(new long[] { 3, long.MaxValue })]
    [InlineData(new long[] { 0, long.MaxValue, 2 })]
    [InlineData(new long[] { 1L << 32, 1L << 32, 0 })]
    public void TryGetElementCount_without_a_size_or_beyond_63_bits_is_refused(long[] dimensions) =>
        Assert.False(new TensorShape(dimensions).TryGetElementCount(out _));

    [Theory]
    [InlineData(new long[] { 2, 3 }, new long[] { -1, 3 }, true)]
    [InlineData(new long[] { 2, 4 }, new long[] { -1, 3 }, false)]
    [InlineData(new long[] { 2 }, new long[] { -1, 3 }, false)]
    [InlineData(new long[0], new long[0], true)]
    [InlineData(new long[] { 0, 3 }, new long[] { -1, 3 }, true)]
    public void Fits_takes_minus_one_as_any_size(long[] given, long[] expected, bool fits) =>
        Assert.Equal(fits, new TensorShape(given).Fits(new TensorShape(expected)));

    [Fact]
    public void Equality_is_by_dimensions()
    {
        Assert.Equal(new TensorShape(1, 2), new TensorShape(1, 2));
        Assert.NotEqual(new TensorShape(1, 2), new TensorShape(2, 1));
        Assert.Equal(TensorShape.Scalar, new TensorShape());
        Assert.Equal(new TensorShape(1, 2).GetHashCode(), new TensorShape(1, 2).GetHashCode());
        Assert.Equal("[1,-1]", new TensorShape(1, -1).ToString());
    }
}
