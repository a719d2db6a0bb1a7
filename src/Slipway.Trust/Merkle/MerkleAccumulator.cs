namespace Slipway.Trust.Merkle;

/// <summary>
/// The tree of a log that only grows (RFC 6962, section 2.1), kept as the roots of its complete subtrees: one for each bit that is set in the size.
/// Adding a leaf and taking the root are logarithmic in the size. Not thread-safe.
/// </summary>
internal sealed class MerkleAccumulator
{
    // Largest subtree first.
    private readonly List<byte[]> _complete = [];

    /// <summary>Number of leaves.</summary>
    public long Size { get; private set; }

    /// <summary>Adds a leaf by its hash, see <see cref="MerkleHash.Leaf"/>.</summary>
    public void Add(byte[] leafHash)
    {
        byte[] node = leafHash;
        for (long size = Size; (size & 1) == 1; size >>= 1)
        {
            node = MerkleHash.Node(_complete[^1], node);
            _complete.RemoveAt(_complete.Count - 1);
        }

        _complete.Add(node);
        Size++;
    }

    /// <summary>Root of the tree of all leaves so far.</summary>
    public byte[] Root()
    {
        if (_complete.Count == 0)
        {
            return MerkleHash.Empty;
        }

        byte[] root = _complete[^1];
        for (int i = _complete.Count - 2; i >= 0; i--)
        {
            root = MerkleHash.Node(_complete[i], root);
        }

        return root;
    }
}
