using System.Security.Cryptography;

namespace Slipway.Trust.Merkle;

/// <summary>Hashes of a Merkle tree as RFC 6962, section 2.1 has them: leaves and nodes are told apart by their first byte.</summary>
internal static class MerkleHash
{
    private const byte LeafPrefix = 0;
    private const byte NodePrefix = 1;

    /// <summary>Root of the tree without leaves.</summary>
    public static byte[] Empty => SHA256.HashData([]);

    /// <summary>Hash of a leaf.</summary>
    public static byte[] Leaf(ReadOnlySpan<byte> content)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([LeafPrefix]);
        hash.AppendData(content);
        return hash.GetHashAndReset();
    }

    /// <summary>Hash of a node.</summary>
    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> content = stackalloc byte[1 + (2 * SHA256.HashSizeInBytes)];
        content[0] = NodePrefix;
        left.CopyTo(content[1..]);
        right.CopyTo(content[(1 + SHA256.HashSizeInBytes)..]);
        return SHA256.HashData(content);
    }
}
