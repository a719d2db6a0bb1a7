using System.Buffers.Binary;
using System.Numerics;

namespace Slipway.OnnxRuntime.Text;

/// <summary>SipHash-2-4 (Aumasson and Bernstein, 2012): a hash with a key, which TensorFlow's strong hashing and Keras' salt use.</summary>
internal static class SipHash
{
    /// <summary>The hash of <paramref name="s"/> under a key of 128 bits.</summary>
    public static ulong Hash(ReadOnlySpan<byte> s, ulong key0, ulong key1)
    {
        State state = new(key0, key1);
        int whole = s.Length / 8 * 8;
        for (int at = 0; at < whole; at += 8)
        {
            state.Absorb(BinaryPrimitives.ReadUInt64LittleEndian(s[at..]));
        }

        // What is left over, with the length in the highest byte.
        ulong last = (ulong)s.Length << 56;
        for (int i = whole; i < s.Length; i++)
        {
            last |= (ulong)s[i] << (8 * (i - whole));
        }

        state.Absorb(last);
        return state.Finish();
    }

    private struct State(ulong key0, ulong key1)
    {
        private ulong _v0 = key0 ^ 0x736f6d6570736575;
        private ulong _v1 = key1 ^ 0x646f72616e646f6d;
        private ulong _v2 = key0 ^ 0x6c7967656e657261;
        private ulong _v3 = key1 ^ 0x7465646279746573;

        public void Absorb(ulong word)
        {
            _v3 ^= word;
            Round();
            Round();
            _v0 ^= word;
        }

        public ulong Finish()
        {
            _v2 ^= 0xff;
            for (int i = 0; i < 4; i++)
            {
                Round();
            }

            return _v0 ^ _v1 ^ _v2 ^ _v3;
        }

        private void Round()
        {
            _v0 += _v1;
            _v2 += _v3;
            _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
            _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
            _v0 = BitOperations.RotateLeft(_v0, 32);
            _v2 += _v1;
            _v0 += _v3;
            _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
            _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
            _v2 = BitOperations.RotateLeft(_v2, 32);
        }
    }
}
