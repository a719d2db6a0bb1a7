using System.Security.Cryptography;

namespace Slipway.Trust.Merkle;

/// <summary>Verifies that a leaf is in a tree (RFC 9162, section 2.1.3.2).</summary>
internal static class MerkleProof
{
    /// <summary>The root that a leaf and its path lead to; null when the path does not fit the tree.</summary>
    /// <param name="index">Number of the leaf, from 0.</param>
    /// <param name="size">Number of leaves in the tree.</param>
    /// <param name="leafHash">Hash of the leaf.</param>
    /// <param name="path">Hashes beside the way to the root, from the leaf up.</param>
    public static byte[]? Root(long index, long size, byte[] leafHash, IReadOnlyList<byte[]> path)
    {
        if (index < 0 || index >= size || path.Any(static hash => hash.Length != SHA256.HashSizeInBytes))
        {
            return null;
        }

        (long node, long last) = (index, size - 1);
        byte[] root = leafHash;
        foreach (byte[] beside in path)
        {
            if (last == 0)
            {
                return null;
            }

            if ((node & 1) == 1 || node == last)
            {
                root = MerkleHash.Node(beside, root);
                while ((node & 1) == 0 && node != 0)
                {
                    (node, last) = (node >> 1, last >> 1);
                }
            }
            else
            {
                root = MerkleHash.Node(root, beside);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 ? root : null;
    }
}
