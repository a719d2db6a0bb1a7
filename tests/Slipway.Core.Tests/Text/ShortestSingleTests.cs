using System.Globalization;
using System.Text;

namespace Slipway.Core.Tests.Text;

public sealed class ShortestSingleTests
{
    private readonly byte[] _room = new byte[ShortestSingle.Room];

    [Theory]
    [InlineData(1f, "1.0")]
    [InlineData(-1f, "-1.0")]
    [InlineData(0.5f, "0.5")]
    [InlineData(0.1f, "0.1")]
    [InlineData(-0.3f, "-0.3")]
    [InlineData(100f, "100.0")]
    [InlineData(9999999f, "9999999.0")]
    [InlineData(0.0002f, "0.0002")]
    [InlineData(0.00012345679f, "0.00012345679")]
    [InlineData(1234567.5f, "1234567.5")]
    [InlineData(16.000002f, "16.000002")]
    [InlineData(3.1415927f, "3.1415927")]
    public void Ordinary_values_are_written_with_a_point(float value, string expected)
    {
        Assert.True(ShortestSingle.TryWrite(value, _room, out int written));
        Assert.Equal(expected, Encoding.ASCII.GetString(_room, 0, written));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(9.9e-5f)]
    [InlineData(1e7f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.Epsilon)]
    public void Others_are_left_to_the_general_way(float value) => Assert.False(ShortestSingle.TryWrite(value, _room, out _));

    [Fact]
    public void What_is_written_reads_back_the_same_and_has_at_most_one_digit_more_than_it_needs()
    {
        Random random = new(11);
        for (int i = 0; i < 1_000_000; i++)
        {
            // From 1e-4 to 1e7, of either sign; every other with few digits.
            float value = BitConverter.Int32BitsToSingle(random.Next(0x38D1B717, 0x4B189680)) * (random.Next(2) == 0 ? 1 : -1);
            value = i % 2 == 0 ? value : (float)Math.Round(value, random.Next(0, 5));
            if (!ShortestSingle.TryWrite(value, _room, out int written))
            {
                Assert.True(Math.Abs((double)value) is < 1e-4 or >= 1e7, value.ToString("R", CultureInfo.InvariantCulture));
                continue;
            }

            string text = Encoding.ASCII.GetString(_room, 0, written);
            string general = value.ToString("R", CultureInfo.InvariantCulture);
            Assert.Equal(value, float.Parse(text, CultureInfo.InvariantCulture));
            int shortest = general.Contains('.', StringComparison.Ordinal) ? general.Length : general.Length + 2;
            Assert.InRange(written, shortest, shortest + 1);
        }
    }
}
