using System.Numerics;

namespace Slipway.Core;

/// <summary>5^q to 128 significant bits, for the powers of ten that numbers in tensors have.</summary>
internal static class PowersOfFive
{
    /// <summary>Smallest power in the table.</summary>
    public const int Min = -70;

    /// <summary>Largest power in the table.</summary>
    public const int Max = 70;

    private static readonly UInt128[] Table = Build();

    /// <summary>
    /// 5^<paramref name="power"/> scaled by a power of two so that its highest of 128 bits is set; cut off for positive powers, rounded up for negative ones.
    /// </summary>
    public static UInt128 Scaled(int power) => Table[power - Min];

    private static UInt128[] Build()
    {
        UInt128[] table = new UInt128[Max - Min + 1];
        for (int power = Min; power <= Max; power++)
        {
            BigInteger value = BigInteger.Pow(5, Math.Abs(power));
            if (power < 0)
            {
                // One more bit of length than needed, then cut: rounded up where the quotient is not exact, which it never is.
                int bits = (int)value.GetBitLength();
                value = (BigInteger.One << (bits + 127)) / value;
                value += 1;
            }

            int surplus = (int)value.GetBitLength() - 128;
            table[power - Min] = (UInt128)(surplus >= 0 ? value >> surplus : value << -surplus);
        }

        return table;
    }
}
