using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Trust.Encryption;

/// <summary>
/// The form of an encrypted blob: a head of 32 bytes, then chunks of <see cref="ChunkBytes"/> bytes of content, the last one shorter, each followed by its tag.
/// Every blob has a random data key of its own, so that the numbers of chunks can be nonces without one ever coming twice under a key. The nonce of a chunk is a byte that
/// is 1 for the last chunk, three zeros, and the number of the chunk (big-endian); the head is authenticated with every chunk. A chunk that is moved, left out, put in
/// or cut off therefore fails as one that is altered does. docs/trust.md specifies it; never change it, add another one.
/// </summary>
internal static class BlobFormat
{
    /// <summary>Bytes of the head: <c>SLWENC01</c>, eight zeros, sixteen random bytes.</summary>
    public const int HeadBytes = 32;

    /// <summary>Content of a chunk.</summary>
    public const int ChunkBytes = 64 << 10;

    /// <summary>Tag of AES-GCM.</summary>
    public const int TagBytes = 16;

    /// <summary>A data key: AES-256.</summary>
    public const int KeyBytes = 32;

    /// <summary>Nonce of AES-GCM.</summary>
    public const int NonceBytes = 12;

    private const int SaltBytes = 16;

    private static ReadOnlySpan<byte> Magic => "SLWENC01"u8;

    /// <summary>A new head.</summary>
    public static byte[] NewHead()
    {
        byte[] head = new byte[HeadBytes];
        Magic.CopyTo(head);
        RandomNumberGenerator.Fill(head.AsSpan(HeadBytes - SaltBytes));
        return head;
    }

    /// <summary>Whether bytes are a head of this form.</summary>
    public static bool IsHead(ReadOnlySpan<byte> head) =>
        head.Length == HeadBytes && head[..Magic.Length].SequenceEqual(Magic) && !head[Magic.Length..(HeadBytes - SaltBytes)].ContainsAnyExcept((byte)0);

    /// <summary>The cipher of a blob's chunks (HKDF-SHA256 of its data key, with the head's random bytes as salt).</summary>
    public static AesGcm CipherOf(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> head)
    {
        Span<byte> key = stackalloc byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, dataKey, key, head[(HeadBytes - SaltBytes)..], "slipway blob chunks 1"u8);
        try
        {
            return new AesGcm(key, TagBytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>The nonce of a chunk.</summary>
    public static void WriteNonce(Span<byte> nonce, long number, bool isLast)
    {
        nonce.Clear();
        nonce[0] = isLast ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64BigEndian(nonce[4..], number);
    }

    /// <summary>Chunks of a content; content of no length is one chunk of no length.</summary>
    public static long ChunksOf(long contentBytes) => Math.Max(1, (contentBytes + ChunkBytes - 1) / ChunkBytes);

    /// <summary>Size of the blob of a content.</summary>
    public static long BlobBytes(long contentBytes) => HeadBytes + contentBytes + (ChunksOf(contentBytes) * TagBytes);

    /// <summary>Size of the content of a blob; -1 when there is no such size.</summary>
    public static long ContentBytes(long blobBytes)
    {
        long chunks = blobBytes - HeadBytes;
        long whole = chunks / (ChunkBytes + TagBytes);
        long rest = chunks % (ChunkBytes + TagBytes);
        long content = rest == 0 ? whole * ChunkBytes : (whole * ChunkBytes) + rest - TagBytes;
        return chunks >= TagBytes && (rest == 0 || rest >= TagBytes) && BlobBytes(content) == blobBytes ? content : -1;
    }

    /// <summary>What proves that an envelope belongs to its data key: HMAC-SHA256 over its text.</summary>
    public static byte[] ProofOf(ReadOnlySpan<byte> dataKey, string text)
    {
        Span<byte> key = stackalloc byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, dataKey, key, [], "slipway blob envelope 1"u8);
        byte[] proof = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
        CryptographicOperations.ZeroMemory(key);
        return proof;
    }
}
