using System.Numerics;

namespace Slipway.Core;

/// <summary>
/// Rounds <c>digits · 10^exponent</c> to binary floating point with one or two multiplications (Eisel and Lemire; D. Lemire, "Number Parsing at a
/// Gigabyte per Second", Software: Practice and Experience 51, 2021). Says false where the answer would be subnormal or too large, or the power is not in
/// the table: those are left to a slower way.
/// </summary>
internal static class DecimalRounding
{
    /// <summary>Rounds to binary32.</summary>
    public static bool TryToSingle(ulong digits, int exponent, out float value)
    {
        bool done = TryRound(digits, exponent, mantissaBits: 23, bias: 127, evenFrom: -17, evenTo: 10, out ulong bits);
        value = BitConverter.UInt32BitsToSingle((uint)bits);
        return done;
    }

    /// <summary>Rounds to binary64.</summary>
    public static bool TryToDouble(ulong digits, int exponent, out double value)
    {
        bool done = TryRound(digits, exponent, mantissaBits: 52, bias: 1023, evenFrom: -4, evenTo: 23, out ulong bits);
        value = BitConverter.UInt64BitsToDouble(bits);
        return done;
    }

    /// <param name="digits">Significant digits.</param>
    /// <param name="exponent">Power of ten.</param>
    /// <param name="mantissaBits">Stored bits of the mantissa.</param>
    /// <param name="bias">Bias of the stored exponent.</param>
    /// <param name="evenFrom">Smallest power of ten at which a value can lie exactly between two floats.</param>
    /// <param name="evenTo">Largest such power.</param>
    /// <param name="bits">The float's bits.</param>
    private static bool TryRound(ulong digits, int exponent, int mantissaBits, int bias, int evenFrom, int evenTo, out ulong bits)
    {
        bits = 0;
        if (digits == 0)
        {
            return true;
        }

        if (exponent is < PowersOfFive.Min or > PowersOfFive.Max)
        {
            return false;
        }

        // 1. digits · 5^exponent, its upper 128 bits. The lower half of the power matters only when the upper product is all ones below the mantissa.
        int leading = BitOperations.LeadingZeroCount(digits);
        ulong scaled = digits << leading;
        UInt128 power = PowersOfFive.Scaled(exponent);
        ulong high = Math.BigMul(scaled, (ulong)(power >> 64), out ulong low);
        ulong below = ulong.MaxValue >> (mantissaBits + 3);
        if ((high & below) == below)
        {
            ulong second = Math.BigMul(scaled, (ulong)power, out _);
            low += second;
            if (second > low)
            {
                high++;
            }
        }

        // 2. The mantissa with one bit to round by, and the binary exponent: floor(exponent · log2(10)) in fixed point.
        int upper = (int)(high >> 63);
        int shift = upper + 64 - mantissaBits - 3;
        ulong mantissa = high >> shift;
        int binary = (((152170 + 65536) * exponent) >> 16) + 63 + upper - leading + bias;
        if (binary <= 0)
        {
            return false;
        }

        // 3. Exactly between two floats: to the even one.
        if (low <= 1 && exponent >= evenFrom && exponent <= evenTo && (mantissa & 3) == 1 && mantissa << shift == high)
        {
            mantissa &= ~1UL;
        }

        mantissa += mantissa & 1;
        mantissa >>= 1;
        if (mantissa >= 2UL << mantissaBits)
        {
            mantissa = 1UL << mantissaBits;
            binary++;
        }

        if (binary >= (2 * bias) + 1)
        {
            return false;
        }

        bits = (mantissa & ~(1UL << mantissaBits)) | ((ulong)binary << mantissaBits);
        return true;
    }
}
