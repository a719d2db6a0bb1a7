using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Slipway.Traffic.Assignment;

/// <summary>
/// XXH64 (the xxHash specification), seed 0. Assignments of entities hang on it: it must give the same on every machine and in every release.
/// </summary>
public static class KeyHash
{
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;
    private const int StackBytes = 512;

    /// <summary>Hash of a text's UTF-8.</summary>
    public static ulong Of(string text)
    {
        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (most > StackBytes)
        {
            return Of(Encoding.UTF8.GetBytes(text));
        }

        Span<byte> bytes = stackalloc byte[StackBytes];
        return Of(bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }

    /// <summary>Hash of bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> data)
    {
        ulong length = (ulong)data.Length;
        ulong hash;
        if (data.Length >= 32)
        {
            ulong v1 = unchecked(Prime1 + Prime2);
            ulong v2 = Prime2;
            ulong v3 = 0;
            ulong v4 = unchecked(0 - Prime1);
            do
            {
                v1 = Round(v1, BinaryPrimitives.ReadUInt64LittleEndian(data));
                v2 = Round(v2, BinaryPrimitives.ReadUInt64LittleEndian(data[8..]));
                v3 = Round(v3, BinaryPrimitives.ReadUInt64LittleEndian(data[16..]));
                v4 = Round(v4, BinaryPrimitives.ReadUInt64LittleEndian(data[24..]));
                data = data[32..];
            }
            while (data.Length >= 32);

            hash = BitOperations.RotateLeft(v1, 1) + BitOperations.RotateLeft(v2, 7) + BitOperations.RotateLeft(v3, 12) + BitOperations.RotateLeft(v4, 18);
            hash = Merge(Merge(Merge(Merge(hash, v1), v2), v3), v4);
        }
        else
        {
            hash = Prime5;
        }

        return Finish(hash + length, data);
    }

    /// <summary>Another hash of the same key, independent for every salt.</summary>
    public static ulong Salted(ulong key, ulong salt)
    {
        ulong mixed = key ^ unchecked(salt * Prime1);
        return Avalanche(unchecked((mixed * Prime3) + salt));
    }

    /// <summary>Where in [0, <paramref name="parts"/>) a hash lies, each part as likely.</summary>
    public static int Part(ulong hash, int parts) => (int)Math.BigMul(hash, (ulong)parts, out _);

    private static ulong Finish(ulong hash, ReadOnlySpan<byte> tail)
    {
        while (tail.Length >= 8)
        {
            hash ^= Round(0, BinaryPrimitives.ReadUInt64LittleEndian(tail));
            hash = unchecked((BitOperations.RotateLeft(hash, 27) * Prime1) + Prime4);
            tail = tail[8..];
        }

        if (tail.Length >= 4)
        {
            hash ^= unchecked(BinaryPrimitives.ReadUInt32LittleEndian(tail) * Prime1);
            hash = unchecked((BitOperations.RotateLeft(hash, 23) * Prime2) + Prime3);
            tail = tail[4..];
        }

        foreach (byte rest in tail)
        {
            hash ^= unchecked(rest * Prime5);
            hash = unchecked(BitOperations.RotateLeft(hash, 11) * Prime1);
        }

        return Avalanche(hash);
    }

    private static ulong Round(ulong lane, ulong input) => unchecked(BitOperations.RotateLeft(lane + (input * Prime2), 31) * Prime1);

    private static ulong Merge(ulong hash, ulong lane) => unchecked(((hash ^ Round(0, lane)) * Prime1) + Prime4);

    private static ulong Avalanche(ulong hash)
    {
        hash = unchecked((hash ^ (hash >> 33)) * Prime2);
        hash = unchecked((hash ^ (hash >> 29)) * Prime3);
        return hash ^ (hash >> 32);
    }
}
