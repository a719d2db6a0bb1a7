using System.Text;
using Slipway.Trust.Merkle;

namespace Slipway.Trust.Tests.Merkle;

public sealed class MerkleTests
{
    // The leaves and roots that implementations of RFC 6962 test with (certificate-transparency's reference tree of eight leaves).
    private static readonly string[] Leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
    [InlineData(6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef")]
    [InlineData(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void Roots_are_those_of_the_reference_tree(int size, string root)
    {
        MerkleAccumulator tree = new();
        foreach (string leaf in Leaves.Take(size))
        {
            tree.Add(MerkleHash.Leaf(Convert.FromHexString(leaf)));
        }

        Assert.Equal(root, Convert.ToHexStringLower(tree.Root()));
    }

    [Fact]
    public void Every_leaf_of_every_small_tree_is_proved_and_no_other()
    {
        for (int size = 1; size <= 33; size++)
        {
            byte[][] leaves = [.. Enumerable.Range(0, size).Select(static number => MerkleHash.Leaf(Encoding.ASCII.GetBytes($"{number}")))];
            byte[] root = RootOf(leaves);
            for (int index = 0; index < size; index++)
            {
                List<byte[]> path = PathTo(index, leaves);
                Assert.Equal(root, MerkleProof.Root(index, size, leaves[index], path));
                Assert.NotEqual(root, MerkleProof.Root(index, size, MerkleHash.Leaf("x"u8), path));
                Assert.NotEqual(root, MerkleProof.Root((index + 1) % size, size, leaves[index], path) is { } other && size > 1 ? other : []);
                Assert.Null(MerkleProof.Root(index, size, leaves[index], [.. path, root]));
                if (path.Count > 0)
                {
                    Assert.NotEqual(root, MerkleProof.Root(index, size, leaves[index], path[..^1]));
                }
            }
        }

        Assert.Null(MerkleProof.Root(-1, 1, MerkleHash.Empty, []));
        Assert.Null(MerkleProof.Root(1, 1, MerkleHash.Empty, []));
        Assert.Null(MerkleProof.Root(0, 2, MerkleHash.Empty, [[1, 2]]));
    }

    // The definitions of the RFC, word for word.
    private static byte[] RootOf(byte[][] leaves)
    {
        if (leaves.Length == 1)
        {
            return leaves[0];
        }

        int split = Split(leaves.Length);
        return MerkleHash.Node(RootOf(leaves[..split]), RootOf(leaves[split..]));
    }

    private static List<byte[]> PathTo(int index, byte[][] leaves)
    {
        if (leaves.Length == 1)
        {
            return [];
        }

        int split = Split(leaves.Length);
        return index < split ? [.. PathTo(index, leaves[..split]), RootOf(leaves[split..])] : [.. PathTo(index - split, leaves[split..]), RootOf(leaves[..split])];
    }

    private static int Split(int count)
    {
        int split = 1;
        while (split * 2 < count)
        {
            split *= 2;
        }

        return split;
    }
}
