using System.Globalization;
using System.Text;

namespace Slipway.Core.Tests.Text;

public sealed class JsonNumberTests
{
    public static TheoryData<string> Adversarial =>
    [
        "0", "-0", "0.0", "-0.0", "1", "-1", "10", "0.1", "0.5", "123456789", "16777216", "16777217", "16777219", "33554433", "9007199254740993",
        "1e0", "1E+0", "1e-0", "1e5", "1e38", "3.4028235e38", "3.4028236e38", "3.40282346638528859811704183484516925e+38",
        "1.7976931348623157e308", "1.7976931348623159e308", "1e309", "-1e309", "1e-400", "4.9e-324", "2.4703282292062327e-324", "2.4703282292062328e-324",
        "2.2250738585072014e-308", "2.2250738585072011e-308", "1.17549435e-38", "1.1754942e-38", "1.4e-45", "7.0064923e-46", "7.0064924e-46",
        "0.000000000000000000000000000000000000000000001", "0.30000001192092896", "0.10000000149011612", "8589934592.5", "1.00000005960464477539",
        "1.000000059604644775390625", "1.00000005960464477539062500000000000000000001", "1.0000000596046447753906249999999999",
        "9999999999999999999", "99999999999999999999", "18446744073709551615", "18446744073709551616", "0.99999999999999999999999",
        "7.2057594037927933e16", "9223372036854775808", "1e22", "1e23", "1.2345e22", "12345678901234567e-5", "6.0e-10", "1e10", "1e-10", "1e11",
        "1e70", "1e71", "1e-70", "1e-71", "1e999999", "1e9999999", "0e9999999", "1e-9999999", "0.000001e10000000",
        "0.1234567890123456", "-0.12345678901234567", "0.012345678901234567", "0.00012345678901234567", "0.000000000000000000012", "1.234567890123456789",
        "-12345678.12345678", "123456789012345.5", "1234567890123456.5", "-123456789012345", "999999999999999.9", "9.223372036854775807", "0.9999999999999999999",
        "16777217.0", "16777217.00000000", "16777217.0000001", "16777216.9999999", "0.50000002980232238", "0.50000002980232239", "0.000061035156250", "1.5e5", "-0.5E-3",
        "2.2250738585072012e-308", "179769313486231580793728971405301e277", "6631236871469758276785396630275967242379940986e-64", "8.5e-5",
    ];

    [Theory]
    [MemberData(nameof(Adversarial))]
    public void Awkward_numbers_are_read_as_the_framework_reads_them(string text) => AssertSame(text);

    [Fact]
    public void Shortest_forms_of_random_floats_come_back_bit_for_bit()
    {
        Random random = new(20261121);
        for (int i = 0; i < 300_000; i++)
        {
            float value = BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
            double wide = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (float.IsFinite(value))
            {
                AssertSame(value.ToString("R", CultureInfo.InvariantCulture));
                AssertSame(((double)value).ToString("R", CultureInfo.InvariantCulture));
            }

            if (double.IsFinite(wide))
            {
                AssertSame(wide.ToString("R", CultureInfo.InvariantCulture));
            }
        }
    }

    [Fact]
    public void Random_decimals_are_rounded_correctly()
    {
        Random random = new(7);
        StringBuilder text = new();
        for (int i = 0; i < 500_000; i++)
        {
            text.Clear();
            if (random.Next(2) == 0)
            {
                text.Append('-');
            }

            text.Append(random.Next(3) == 0 ? 0 : random.NextInt64(1, (long)Math.Pow(10, random.Next(1, 18))));
            if (random.Next(4) != 0)
            {
                text.Append('.');
                for (int digits = random.Next(1, random.Next(8) == 0 ? 40 : 12); digits > 0; digits--)
                {
                    text.Append((char)('0' + random.Next(10)));
                }
            }

            if (random.Next(3) == 0)
            {
                text.Append(random.Next(2) == 0 ? 'e' : 'E').Append(random.Next(3) switch { 0 => "+", 1 => "-", _ => "" }).Append(random.Next(50));
            }

            AssertSame(text.ToString());
        }
    }

    [Fact]
    public void Numbers_halfway_between_two_floats_and_their_neighbours_are_rounded_to_even()
    {
        Random random = new(3);
        for (int i = 0; i < 100_000; i++)
        {
            float low = BitConverter.Int32BitsToSingle(random.Next(0x20000000, 0x5F000000));
            double halfway = ((double)low + MathF.BitIncrement(low)) / 2;
            AssertSame(halfway.ToString("R", CultureInfo.InvariantCulture));
            AssertSame(Math.BitIncrement(halfway).ToString("R", CultureInfo.InvariantCulture));
            AssertSame(Math.BitDecrement(halfway).ToString("R", CultureInfo.InvariantCulture));
            AssertSame(((decimal)Math.Clamp(halfway, 1e-6, 1e20)).ToString(CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Decimals_of_every_length_nearly_halfway_between_two_floats_are_rounded_correctly()
    {
        Random random = new(20261122);
        for (int i = 0; i < 100_000; i++)
        {
            // All digits of a halfway value, cut to any length, and the digits next to it: the cut lies on either side.
            float low = BitConverter.Int32BitsToSingle(random.Next(0x38000000, 0x4C000000));
            double halfway = ((double)low + MathF.BitIncrement(low)) / 2;
            string text = halfway.ToString("F40", CultureInfo.InvariantCulture).TrimEnd('0');
            text = text[^1] == '.' ? text + "00" : text;
            int length = random.Next(text.IndexOf('.', StringComparison.Ordinal) + 2, text.Length + 1);
            char last = (char)('0' + Math.Clamp(text[length - 1] - '0' + random.Next(-1, 2), 0, 9));
            AssertSame((random.Next(2) == 0 ? "-" : "") + text[..(length - 1)] + last);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData(".5")]
    [InlineData("01")]
    [InlineData("-01.5")]
    [InlineData("1.")]
    [InlineData("1.e5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData(" 1")]
    [InlineData("--1")]
    public void What_is_no_json_number_is_not_read(string text)
    {
        int position = 0;
        Assert.False(JsonNumber.TryReadSingle(Encoding.UTF8.GetBytes(text), ref position, out _));
        Assert.Equal(0, position);
        Assert.False(JsonNumber.TryReadDouble(Encoding.UTF8.GetBytes(text), ref position, out _));
        Assert.Equal(0, position);
    }

    [Theory]
    [InlineData("1,2", 1, 1)]
    [InlineData("1.5]", 1.5, 3)]
    [InlineData("12345678901 ", 12345678901, 11)]
    [InlineData("0x", 0, 1)]
    [InlineData("1e5e", 1e5, 3)]
    public void Reading_stops_behind_the_number(string text, double expected, int length)
    {
        int position = 0;
        Assert.True(JsonNumber.TryReadDouble(Encoding.UTF8.GetBytes(text), ref position, out double value));
        Assert.Equal(expected, value);
        Assert.Equal(length, position);
    }

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("-0", 0L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("1234567890123456789", 1234567890123456789L)]
    public void Signed_integers_are_exact(string text, long expected)
    {
        int position = 0;
        Assert.True(JsonNumber.TryReadInt64(Encoding.UTF8.GetBytes(text), ref position, out long value));
        Assert.Equal(expected, value);
        Assert.Equal(text.Length, position);
    }

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("18446744073709551616")]
    [InlineData("99999999999999999999999999999999")]
    [InlineData("-")]
    [InlineData("007")]
    [InlineData("x")]
    public void Integers_that_do_not_fit_are_not_read(string text)
    {
        int position = 0;
        Assert.False(JsonNumber.TryReadInt64(Encoding.UTF8.GetBytes(text), ref position, out _));
        Assert.Equal(0, position);
    }

    [Fact]
    public void Unsigned_integers_are_exact_up_to_their_largest()
    {
        Random random = new(11);
        byte[] text = new byte[32];
        for (int i = 0; i < 200_000; i++)
        {
            ulong expected = (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            Assert.True(expected.TryFormat(text, out int length, default, CultureInfo.InvariantCulture));
            text.AsSpan(length).Fill((byte)',');
            int position = 0;
            Assert.True(JsonNumber.TryReadUInt64(text, ref position, out ulong value));
            Assert.Equal(expected, value);
            Assert.Equal(length, position);
        }
    }

    private static void AssertSame(string text)
    {
        // At the end of the text, where words can't be read eight bytes at a time; with a little behind it; and with room for every short cut.
        foreach (string behind in (string[])["", ",12345678", "]}, and enough text that no number comes near the end"])
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text + behind);
            int position = 0;
            Assert.True(JsonNumber.TryReadSingle(bytes, ref position, out float single), text);
            Assert.Equal(text.Length, position);
            if (BitConverter.SingleToInt32Bits(single) != BitConverter.SingleToInt32Bits(float.Parse(text, CultureInfo.InvariantCulture)))
            {
                Assert.Fail($"{text} was read as the binary32 {single:R}");
            }

            position = 0;
            Assert.True(JsonNumber.TryReadDouble(bytes, ref position, out double wide), text);
            Assert.Equal(text.Length, position);
            if (BitConverter.DoubleToInt64Bits(wide) != BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)))
            {
                Assert.Fail($"{text} was read as the binary64 {wide:R}");
            }
        }
    }
}
