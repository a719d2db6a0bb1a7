using System.Globalization;
using System.Numerics;
using System.Text;

namespace Slipway.Core.Tests.Text;

/// <summary>Runs of numbers are the same numbers, at the same places, as reading them one by one.</summary>
public sealed class NumberRunTests
{
    private static readonly string[] Numbers =
    [
        "0", "-0", "1", "-1", "12", "255", "-128", "1234567890123456", "12345678901234567", "9223372036854775807", "-9223372036854775808", "18446744073709551615",
        "0.5", "-0.5", "1.25", "-1.2345678", "0.123456789", "3.14159265358979", "0.30000001192092896", "-0.30000001192092896", "12345678.12345678", "1234567890123456.5", "123456789012345.6", "-12345678901234.5",
        "100.0", "16777217.0", "0.0000001", "99999999999999999999", "0.1234567890123456789012345", "1e5", "1.5E-7", "-2e+3", "1e999",
        "", "-", "+1", ".5", "1.", "01", "-01", "00", "1.2.3", "--1", "NaN", "null", "\"x\"", "1e", "1.e5", "e5", "-.5", "1-2",
    ];

    private static readonly string[] Between = [",", ", ", ",  ", " ,", ",\n", "\t,", ";", "", ",,", "]", " "];

    [Fact]
    public void Singles_are_read_as_one_by_one() => AssertSame<float>(
        JsonNumber.ReadSingles, JsonNumber.TryReadSingle, static (left, right) => BitConverter.SingleToInt32Bits(left) == BitConverter.SingleToInt32Bits(right));

    [Fact]
    public void Doubles_are_read_as_one_by_one() => AssertSame<double>(
        JsonNumber.ReadDoubles, JsonNumber.TryReadDouble, static (left, right) => BitConverter.DoubleToInt64Bits(left) == BitConverter.DoubleToInt64Bits(right));

    [Fact]
    public void Signed_integers_are_read_as_one_by_one()
    {
        AssertSame<sbyte>(JsonNumber.ReadIntegers, TryReadSigned, static (left, right) => left == right);
        AssertSame<int>(JsonNumber.ReadIntegers, TryReadSigned, static (left, right) => left == right);
        AssertSame<long>(JsonNumber.ReadIntegers, TryReadSigned, static (left, right) => left == right);
    }

    [Fact]
    public void Unsigned_integers_are_read_as_one_by_one()
    {
        AssertSame<byte>(JsonNumber.ReadIntegers, TryReadUnsigned, static (left, right) => left == right);
        AssertSame<ushort>(JsonNumber.ReadIntegers, TryReadUnsigned, static (left, right) => left == right);
        AssertSame<ulong>(JsonNumber.ReadIntegers, TryReadUnsigned, static (left, right) => left == right);
    }

    [Fact]
    public void Plain_numbers_are_all_read_but_the_last_ones_of_the_text()
    {
        Random random = new(5);
        float[] expected = [.. Enumerable.Range(0, 5000).Select(_ => (float)Math.Round((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 8)), random.Next(1, 8)))];
        string[] plain = [.. expected.Select(static value => ((decimal)value).ToString(CultureInfo.InvariantCulture))];
        foreach (string between in (string[])[",", ", "])
        {
            byte[] text = Encoding.UTF8.GetBytes(string.Join(between, plain) + "]" + new string(' ', 30));
            float[] values = new float[plain.Length + 1];
            int position = 0;
            Assert.Equal(plain.Length, JsonNumber.ReadSingles(text, ref position, (byte)',', values, out bool isEnded));
            Assert.True(isEnded);
            Assert.Equal((byte)']', text[position]);
            Assert.Equal(plain.Select(static number => float.Parse(number, CultureInfo.InvariantCulture)), values[..^1]);
        }
    }

    [Theory]
    [InlineData(",")]
    [InlineData(", ")]
    [InlineData(" ")]
    [InlineData(";")]
    [InlineData("\t")]
    public void Random_numbers_in_every_form_are_those_of_the_framework_bit_for_bit(string between)
    {
        Random random = new(20261122);
        for (int i = 0; i < 3_000; i++)
        {
            string[] numbers = [.. Enumerable.Range(0, random.Next(1, 200)).Select(_ => Form(random))];
            byte[] text = Encoding.UTF8.GetBytes(string.Join(between, numbers) + "]" + new string(' ', random.Next(2) * 120));
            float[] singles = ReadAll<float>(text, between, numbers, JsonNumber.ReadSingles, JsonNumber.TryReadSingle);
            double[] doubles = ReadAll<double>(text, between, numbers, JsonNumber.ReadDoubles, JsonNumber.TryReadDouble);
            for (int k = 0; k < numbers.Length; k++)
            {
                AssertBits(BitConverter.SingleToInt32Bits(float.Parse(numbers[k], CultureInfo.InvariantCulture)), BitConverter.SingleToInt32Bits(singles[k]), numbers[k]);
                AssertBits(BitConverter.DoubleToInt64Bits(double.Parse(numbers[k], CultureInfo.InvariantCulture)), BitConverter.DoubleToInt64Bits(doubles[k]), numbers[k]);
            }
        }
    }

    [Fact]
    public void Nearly_halfway_between_two_floats_a_run_rounds_as_the_framework_does()
    {
        Random random = new(11);
        for (int i = 0; i < 3_000; i++)
        {
            string[] numbers = new string[60];
            for (int k = 0; k < numbers.Length; k++)
            {
                // The digits of a value halfway between two binary32, cut to what is read in one piece: just below, at, or just above it.
                float low = BitConverter.Int32BitsToSingle(random.Next(0x3D000000, 0x4B000000));
                decimal halfway = (decimal)(((double)low + MathF.BitIncrement(low)) / 2);
                int places = Math.Max(1, 13 - (int)Math.Max(0, Math.Log10((double)halfway)));
                decimal step = new decimal(1, 0, 0, false, (byte)places) * random.Next(-1, 2);
                numbers[k] = (random.Next(2) == 0 ? "-" : "") + (Math.Round(halfway, places) + step).ToString(CultureInfo.InvariantCulture);
            }

            byte[] text = Encoding.UTF8.GetBytes(string.Join(',', numbers) + "]");
            float[] values = ReadAll<float>(text, ",", numbers, JsonNumber.ReadSingles, JsonNumber.TryReadSingle);
            for (int k = 0; k < numbers.Length; k++)
            {
                AssertBits(BitConverter.SingleToInt32Bits(float.Parse(numbers[k], CultureInfo.InvariantCulture)), BitConverter.SingleToInt32Bits(values[k]), numbers[k]);
            }
        }
    }

    [Fact]
    public void A_text_cut_anywhere_gives_the_numbers_before_the_cut_and_never_more()
    {
        Random random = new(4);
        byte[] whole = Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Range(0, 80).Select(_ => Form(random))));
        for (int length = 0; length <= whole.Length; length++)
        {
            AssertSame<float>(whole[..length], JsonNumber.ReadSingles, JsonNumber.TryReadSingle, static (left, right) => BitConverter.SingleToInt32Bits(left) == BitConverter.SingleToInt32Bits(right));
        }
    }

    [Fact]
    public void A_run_ends_when_the_room_is_full()
    {
        byte[] text = Encoding.UTF8.GetBytes("1.5,2.5,3.5,4.5" + new string(' ', 30));
        float[] values = new float[2];
        int position = 0;
        Assert.Equal(2, JsonNumber.ReadSingles(text, ref position, (byte)',', values, out bool isEnded));
        Assert.False(isEnded);
        Assert.Equal(8, position);
        Assert.Equal([1.5f, 2.5f], values);
        Assert.Equal(0, JsonNumber.ReadSingles(text, ref position, (byte)',', [], out isEnded));
        Assert.False(isEnded);
    }

    [Fact]
    public void A_space_that_separates_is_never_passed_over()
    {
        byte[] text = Encoding.UTF8.GetBytes("1  2" + new string('x', 30));
        int position = 0;
        Assert.Equal(1, JsonNumber.ReadSingles(text, ref position, (byte)' ', new float[4], out bool isEnded));
        Assert.False(isEnded);
        Assert.Equal(2, position);
    }

    private static bool TryReadSigned<T>(ReadOnlySpan<byte> text, ref int position, out T value)
        where T : IBinaryInteger<T>
    {
        bool isNumber = JsonNumber.TryReadInt64(text, ref position, out long wide);
        value = T.CreateTruncating(wide);
        return isNumber && long.CreateTruncating(value) == wide;
    }

    private static bool TryReadUnsigned<T>(ReadOnlySpan<byte> text, ref int position, out T value)
        where T : IBinaryInteger<T>
    {
        bool isNumber = JsonNumber.TryReadUInt64(text, ref position, out ulong wide);
        value = T.CreateTruncating(wide);
        return isNumber && ulong.CreateTruncating(value) == wide;
    }

    private static void AssertBits(long expected, long actual, string number) => Assert.True(expected == actual, $"{number} was read as {actual:X}, not {expected:X}");

    // A number as clients write them: few digits or many, with a point or without, rarely with an exponent.
    private static string Form(Random random) => random.Next(12) switch
    {
        0 => random.Next(-300, 300).ToString(CultureInfo.InvariantCulture),
        1 => (random.NextDouble() - 0.5).ToString("R", CultureInfo.InvariantCulture),
        2 => BitConverter.Int32BitsToSingle(random.Next(0x01000000, 0x7F000000)).ToString("R", CultureInfo.InvariantCulture),
        3 => ((random.Next(2) == 0 ? "-" : "") + "0.0000" + random.NextInt64(1_000_000_000)),
        4 => random.NextInt64(-999_999_999_999_999, 999_999_999_999_999).ToString(CultureInfo.InvariantCulture),
        5 => random.Next(2) == 0 ? "0" : "-0.0",
        6 or 7 => ((float)random.NextDouble() * 100).ToString("R", CultureInfo.InvariantCulture),
        _ => Math.Round((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(0, 7)), random.Next(1, 9)).ToString("F" + random.Next(1, 9), CultureInfo.InvariantCulture),
    };

    // As those do who read arrays: run after run, and what a run stops at by itself.
    private static T[] ReadAll<T>(byte[] text, string between, string[] numbers, Run<T> run, One<T> one)
    {
        T[] values = new T[numbers.Length];
        int position = 0;
        int count = 0;
        while (count < values.Length)
        {
            int read = run(text, ref position, (byte)between[0], values.AsSpan(count), out bool isEnded);
            count += read;
            if (isEnded)
            {
                break;
            }

            if (read == 0)
            {
                Assert.True(one(text, ref position, out values[count++]), Encoding.UTF8.GetString(text[position..]));
                if (text[position] == between[0])
                {
                    position += between.Length;
                }
            }
        }

        Assert.Equal(values.Length, count);
        Assert.Equal((byte)']', text[position]);
        return values;
    }

    private static void AssertSame<T>(Run<T> run, One<T> one, Func<T, T, bool> isSame)
    {
        Random random = new(20261122);
        StringBuilder made = new();
        for (int i = 0; i < 20_000; i++)
        {
            made.Clear();
            bool isTidy = random.Next(2) == 0;
            int awkward = random.Next(3, 60);
            for (int numbers = random.Next(1, random.Next(2) == 0 ? 9 : 60); numbers > 0; numbers--)
            {
                made.Append(Numbers[random.Next(random.Next(awkward) == 0 ? Numbers.Length : 29)]).Append(Between[isTidy ? 0 : random.Next(Between.Length)]);
            }

            byte[] text = Encoding.UTF8.GetBytes(made.Append(' ', random.Next(2) * 40).ToString());
            AssertSame(text, run, one, isSame);
        }
    }

    private static void AssertSame<T>(byte[] text, Run<T> run, One<T> one, Func<T, T, bool> isSame)
    {
        T[] values = new T[64];
        int position = 0;
        int count = run(text, ref position, (byte)',', values, out bool isEnded);
        int at = 0;
        for (int i = 0; i < count; i++)
        {
            Assert.True(one(text, ref at, out T expected), Encoding.UTF8.GetString(text));
            Assert.True(isSame(expected, values[i]), $"number {i} of {Encoding.UTF8.GetString(text)} was read as {values[i]}, not {expected}");
            if (i == count - 1 && isEnded)
            {
                Assert.False(at < text.Length && text[at] is (byte)',' or (byte)'e' or (byte)'E' or (>= (byte)'0' and <= (byte)'9'));
                break;
            }

            Assert.Equal((byte)',', text[at++]);
            at += at < text.Length && text[at] == ' ' ? 1 : 0;
        }

        Assert.Equal(at, position);
    }

    private delegate int Run<T>(ReadOnlySpan<byte> text, ref int position, byte separator, Span<T> values, out bool isEnded);

    private delegate bool One<T>(ReadOnlySpan<byte> text, ref int position, out T value);
}
