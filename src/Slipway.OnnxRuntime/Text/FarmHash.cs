using System.Buffers.Binary;
using System.Numerics;

namespace Slipway.OnnxRuntime.Text;

/// <summary>
/// FarmHash's 64-bit fingerprint (the portable variant "na"), by which TensorFlow puts strings into buckets. Its constants and rounds are those of the published algorithm.
/// </summary>
internal static class FarmHash
{
    private const ulong K0 = 0xc3a5c85c97cb3127;
    private const ulong K1 = 0xb492b66fbe98f273;
    private const ulong K2 = 0x9ae16a3b2f90404f;

    /// <summary>The fingerprint.</summary>
    public static ulong Fingerprint64(ReadOnlySpan<byte> s) => unchecked(s.Length switch
    {
        <= 16 => UpTo16(s),
        <= 32 => UpTo32(s),
        <= 64 => UpTo64(s),
        _ => Longer(s),
    });

    private static ulong UpTo16(ReadOnlySpan<byte> s)
    {
        ulong length = (ulong)s.Length;
        ulong mul = K2 + (length * 2);
        switch (s.Length)
        {
            case >= 8:
                ulong a = Fetch(s, 0) + K2;
                ulong b = Fetch(s, s.Length - 8);
                return Mix((BitOperations.RotateRight(b, 37) * mul) + a, (BitOperations.RotateRight(a, 25) + b) * mul, mul);
            case >= 4:
                return Mix(length + ((ulong)Fetch32(s, 0) << 3), Fetch32(s, s.Length - 4), mul);
            case > 0:
                uint y = s[0] + ((uint)s[s.Length >> 1] << 8);
                uint z = (uint)s.Length + ((uint)s[^1] << 2);
                return ShiftMix((y * K2) ^ (z * K0)) * K2;
            default:
                return K2;
        }
    }

    private static ulong UpTo32(ReadOnlySpan<byte> s)
    {
        ulong mul = K2 + ((ulong)s.Length * 2);
        ulong a = Fetch(s, 0) * K1;
        ulong b = Fetch(s, 8);
        ulong c = Fetch(s, s.Length - 8) * mul;
        ulong d = Fetch(s, s.Length - 16) * K2;
        return Mix(BitOperations.RotateRight(a + b, 43) + BitOperations.RotateRight(c, 30) + d, a + BitOperations.RotateRight(b + K2, 18) + c, mul);
    }

    private static ulong UpTo64(ReadOnlySpan<byte> s)
    {
        ulong mul = K2 + ((ulong)s.Length * 2);
        ulong a = Fetch(s, 0) * K2;
        ulong b = Fetch(s, 8);
        ulong c = Fetch(s, s.Length - 8) * mul;
        ulong d = Fetch(s, s.Length - 16) * K2;
        ulong y = BitOperations.RotateRight(a + b, 43) + BitOperations.RotateRight(c, 30) + d;
        ulong z = Mix(y, a + BitOperations.RotateRight(b + K2, 18) + c, mul);
        ulong e = Fetch(s, 16) * mul;
        ulong f = Fetch(s, 24);
        ulong g = (y + Fetch(s, s.Length - 32)) * mul;
        ulong h = (z + Fetch(s, s.Length - 24)) * mul;
        return Mix(BitOperations.RotateRight(e + f, 43) + BitOperations.RotateRight(g, 30) + h, e + BitOperations.RotateRight(f + a, 18) + g, mul);
    }

    private static ulong Longer(ReadOnlySpan<byte> s)
    {
        const ulong seed = 81;
        ulong x = seed;
        ulong y = unchecked((seed * K1) + 113);
        ulong z = ShiftMix((y * K2) + 113) * K2;
        (ulong First, ulong Second) v = (0, 0);
        (ulong First, ulong Second) w = (0, 0);
        x = (x * K2) + Fetch(s, 0);
        int end = (s.Length - 1) / 64 * 64;
        for (int at = 0; at < end; at += 64)
        {
            Round(s[at..], ref x, ref y, ref z, ref v, ref w, K1, 1);
        }

        // The last 64 bytes, some of them a second time, with another factor.
        ulong mul = K1 + ((z & 0xff) << 1);
        w.First += (ulong)((s.Length - 1) & 63);
        v.First += w.First;
        w.First += v.First;
        Round(s[^64..], ref x, ref y, ref z, ref v, ref w, mul, 9);
        return Mix(Mix(v.First, w.First, mul) + (ShiftMix(y) * K0) + z, Mix(v.Second, w.Second, mul) + x, mul);
    }

    private static void Round(
        ReadOnlySpan<byte> s, ref ulong x, ref ulong y, ref ulong z, ref (ulong First, ulong Second) v, ref (ulong First, ulong Second) w, ulong mul, ulong nine)
    {
        x = BitOperations.RotateRight(x + y + v.First + Fetch(s, 8), 37) * mul;
        y = BitOperations.RotateRight(y + v.Second + Fetch(s, 48), 42) * mul;
        x ^= w.Second * nine;
        y += (v.First * nine) + Fetch(s, 40);
        z = BitOperations.RotateRight(z + w.First, 33) * mul;
        v = Weak(s, v.Second * mul, x + w.First);
        w = Weak(s[32..], z + w.Second, y + Fetch(s, 16));
        (z, x) = (x, z);
    }

    private static (ulong First, ulong Second) Weak(ReadOnlySpan<byte> s, ulong a, ulong b)
    {
        a += Fetch(s, 0);
        b = BitOperations.RotateRight(b + a + Fetch(s, 24), 21);
        ulong c = a;
        a += Fetch(s, 8) + Fetch(s, 16);
        b += BitOperations.RotateRight(a, 44);
        return (a + Fetch(s, 24), b + c);
    }

    private static ulong Mix(ulong u, ulong v, ulong mul)
    {
        ulong a = (u ^ v) * mul;
        a ^= a >> 47;
        ulong b = (v ^ a) * mul;
        b ^= b >> 47;
        return b * mul;
    }

    private static ulong ShiftMix(ulong value) => value ^ (value >> 47);

    private static ulong Fetch(ReadOnlySpan<byte> s, int at) => BinaryPrimitives.ReadUInt64LittleEndian(s[at..]);

    private static uint Fetch32(ReadOnlySpan<byte> s, int at) => BinaryPrimitives.ReadUInt32LittleEndian(s[at..]);
}
