using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Slipway.Core;

namespace Slipway.Security.Masking;

/// <summary>
/// The key that hashes and tokens are made with (HMAC-SHA-256, RFC 2104). A field's name goes into them, so that the same value in two fields can't be linked. Thread-safe.
/// </summary>
public sealed class MaskingKey
{
    private const int LeastBytes = 32;
    private const int HashBytes = 16;

    private readonly byte[] _key;

    /// <summary>A key.</summary>
    /// <param name="key">32 bytes at least, random.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: it is too short to keep anything secret.</exception>
    public MaskingKey(ReadOnlySpan<byte> key)
    {
        _key = key.Length >= LeastBytes ? key.ToArray() : throw new SlipwayException(ErrorCode.InvalidConfiguration, $"a masking key has {LeastBytes} bytes at least");
    }

    /// <summary>The hash of a value: 32 hexadecimal digits.</summary>
    public string Hash(string field, string value) => Convert.ToHexStringLower(Mac(field, value, 0).AsSpan(0, HashBytes));

    /// <summary>A value of the same look: every ASCII letter and digit is replaced by another of its kind, anything else stays. Can't be turned back.</summary>
    public string Tokenise(string field, string value)
    {
        char[] token = value.ToCharArray();
        byte[] stream = [];
        int used = 0;
        uint block = 1;
        for (int i = 0; i < token.Length; i++)
        {
            if (used == stream.Length)
            {
                (stream, used) = (Mac(field, value, block++), 0);
            }

            // Two bytes a character keep the letters nearly equally likely.
            ushort draw = BinaryPrimitives.ReadUInt16LittleEndian(stream.AsSpan(used));
            used += sizeof(ushort);
            token[i] = token[i] switch
            {
                >= '0' and <= '9' => (char)('0' + (draw % 10)),
                >= 'a' and <= 'z' => (char)('a' + (draw % 26)),
                >= 'A' and <= 'Z' => (char)('A' + (draw % 26)),
                char other when other > '\u007f' && char.IsLetterOrDigit(other) => (char)('a' + (draw % 26)),
                char other => other,
            };
        }

        return new string(token);
    }

    private byte[] Mac(string field, string value, uint block)
    {
        using IncrementalHash mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        byte[] name = Encoding.UTF8.GetBytes(field);
        Span<byte> head = stackalloc byte[2 * sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(head, block);
        BinaryPrimitives.WriteUInt32LittleEndian(head[sizeof(uint)..], (uint)name.Length);
        mac.AppendData(head);
        mac.AppendData(name);
        mac.AppendData(Encoding.UTF8.GetBytes(value));
        return mac.GetHashAndReset();
    }
}
