using System.Globalization;
using System.Text;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.Tests.Json;

public sealed class SingleFormatTests
{
    [Theory]
    [InlineData(0f, "0.0")]
    [InlineData(-0f, "-0.0")]
    [InlineData(1f, "1.0")]
    [InlineData(-2.5f, "-2.5")]
    [InlineData(0.1f, "0.1")]
    [InlineData(0.0001f, "0.0001")]
    [InlineData(0.3f, "0.3")]
    [InlineData(1f / 3, "0.33333334")]
    [InlineData(1000000f, "1000000.0")]
    [InlineData(9999999f, "9999999.0")]
    [InlineData(16777216f, "16777216.0")]
    [InlineData(123456.79f, "123456.79")]
    [InlineData(9.536743E-07f, "9.536743E-07")]
    [InlineData(float.MaxValue, "3.4028235E+38")]
    [InlineData(float.Epsilon, "1E-45")]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void Floats_are_written_shortly_and_seen_to_be_floats(float value, string expected) => Assert.Equal(expected, Format(value));

    [Fact]
    public void Every_float_is_read_back_bit_for_bit_and_hardly_ever_longer_than_it_need_be()
    {
        Random random = new(5);
        int longer = 0;
        const int Count = 1_000_000;
        for (int i = 0; i < Count; i++)
        {
            float value = (i % 3) switch
            {
                0 => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)),
                1 => (float)random.NextDouble(),
                _ => (float)Math.Round(random.NextDouble() * 2000 - 1000, random.Next(6)),
            };
            if (!float.IsFinite(value))
            {
                continue;
            }

            string text = Format(value);
            if (BitConverter.SingleToInt32Bits(float.Parse(text, CultureInfo.InvariantCulture)) != BitConverter.SingleToInt32Bits(value))
            {
                Assert.Fail($"{value:R} was written as {text}");
            }

            string shortest = value.ToString("R", CultureInfo.InvariantCulture);
            shortest = shortest.AsSpan().ContainsAny('.', 'E') ? shortest : shortest + ".0";
            longer += text.Length > shortest.Length ? 1 : 0;
        }

        Assert.InRange(longer, 0, Count / 1000);
    }

    private static string Format(float value)
    {
        byte[] room = new byte[32];
        return Encoding.ASCII.GetString(room, 0, SingleFormat.Write(value, room));
    }
}
