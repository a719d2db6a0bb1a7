namespace Slipway.Keras.Hdf5;

/// <summary>Trees of version 1: links of old groups, and chunks of data sets. No node is visited twice, whatever the file says.</summary>
internal static class BTree1
{
    /// <summary>A child of a leaf and the key before it.</summary>
    public readonly record struct Child(ReadOnlyMemory<byte> Key, ulong Address);

    /// <summary>Children of all leaves.</summary>
    /// <param name="type">0 for groups, 1 for chunks.</param>
    /// <param name="keySize">Bytes of a key.</param>
    public static List<Child> Leaves(Hdf5Image image, ulong address, int type, int keySize)
    {
        List<Child> leaves = [];
        if (address == Hdf5Image.Undefined)
        {
            return leaves;
        }

        HashSet<ulong> seen = [];
        Stack<(ulong Address, int Depth)> open = new([(address, 0)]);
        while (open.TryPop(out (ulong Address, int Depth) next))
        {
            if (next.Depth > Hdf5Limits.TreeDepth || !seen.Add(next.Address))
            {
                throw Hdf5Fault.Damaged("the nodes of a tree form a ring");
            }

            ReadNode(image, next.Address, next.Depth, type, keySize, leaves, open);
        }

        return leaves;
    }

    private static void ReadNode(Hdf5Image image, ulong address, int depth, int type, int keySize, List<Child> leaves, Stack<(ulong Address, int Depth)> open)
    {
        ReadOnlyMemory<byte> bytes = image.From(address, "tree node");
        Hdf5Cursor cursor = image.ReadMarked(address, "TREE"u8, "tree node");
        if (cursor.U8() != type)
        {
            throw Hdf5Fault.Damaged("a tree is of another kind than it should be");
        }

        int level = cursor.U8();
        int count = cursor.U16();
        cursor.Skip(2 * image.OffsetSize); // siblings
        for (int i = 0; i < count; i++)
        {
            image.Step();
            ReadOnlyMemory<byte> key = bytes.Slice(cursor.Position, Math.Min(keySize, cursor.Remaining));
            cursor.Skip(keySize);
            ulong child = cursor.Address();
            if (level == 0)
            {
                leaves.Add(new Child(key, child));
            }
            else
            {
                open.Push((child, depth + 1));
            }
        }
    }
}
