using System.Numerics;

namespace Slipway.Keras.Hdf5;

/// <summary>Trees of version 2: names of links and attributes kept in a fractal heap, and chunks of data sets. No node is visited twice.</summary>
internal static class BTree2
{
    private const int NodeOverhead = 10; // mark, version, type, checksum

    /// <summary>All records of the tree.</summary>
    /// <param name="type">The kind of records there should be.</param>
    public static List<ReadOnlyMemory<byte>> Read(Hdf5Image image, ulong address, int type)
    {
        Hdf5Cursor cursor = image.ReadMarked(address, "BTHD"u8, "tree");
        cursor.Skip(1);
        if (cursor.U8() != type)
        {
            throw Hdf5Fault.Damaged("a tree is of another kind than it should be");
        }

        uint nodeSize = cursor.U32();
        int recordSize = cursor.U16();
        int depth = cursor.U16();
        cursor.Skip(2); // when to split and merge
        ulong root = cursor.Address();
        int rootRecords = cursor.U16();
        cursor.Length(); // of all nodes
        cursor.VerifyChecksum();
        if (recordSize == 0 || nodeSize <= NodeOverhead + recordSize || nodeSize > (uint)image.Length || depth > Hdf5Limits.TreeDepth)
        {
            throw Hdf5Fault.Damaged("a tree has sizes that can't be");
        }

        List<ReadOnlyMemory<byte>> records = [];
        if (root != Hdf5Image.Undefined && rootRecords > 0)
        {
            Walk walk = new(image, recordSize, PointerSizes(image, (int)nodeSize, recordSize, depth), records);
            walk.Visit(root, rootRecords, depth);
        }

        return records;
    }

    /// <summary>Sizes of the counts in a pointer to a node of each level: its own records, and those below it.</summary>
    private static (int Own, int Below)[] PointerSizes(Hdf5Image image, int nodeSize, int recordSize, int depth)
    {
        (int Own, int Below)[] sizes = new (int, int)[depth + 1];
        double most = (nodeSize - NodeOverhead) / recordSize;
        double total = most;
        int ownSize = BytesFor(most);
        sizes[0] = (ownSize, 0);
        for (int level = 1; level <= depth; level++)
        {
            int pointer = image.OffsetSize + ownSize + sizes[level - 1].Below;
            most = Math.Max((nodeSize - NodeOverhead - pointer) / (recordSize + pointer), 0);
            total = ((most + 1) * total) + most;
            sizes[level] = (ownSize, BytesFor(total));
        }

        return sizes;
    }

    private static int BytesFor(double most) => most >= ulong.MaxValue ? 8 : (BitOperations.Log2((ulong)most) / 8) + 1;

    private sealed class Walk(Hdf5Image image, int recordSize, (int Own, int Below)[] sizes, List<ReadOnlyMemory<byte>> records)
    {
        private readonly HashSet<ulong> _seen = [];

        public void Visit(ulong address, int count, int level)
        {
            if (!_seen.Add(address))
            {
                throw Hdf5Fault.Damaged("the nodes of a tree form a ring");
            }

            ReadOnlyMemory<byte> bytes = image.From(address, "tree node");
            Hdf5Cursor cursor = image.ReadMarked(address, level == 0 ? "BTLF"u8 : "BTIN"u8, "tree node");
            cursor.Skip(2); // version, type
            for (int i = 0; i < count; i++)
            {
                image.Step();
                int start = cursor.Position;
                cursor.Skip(recordSize);
                records.Add(bytes.Slice(start, recordSize));
            }

            List<(ulong Address, int Count)> children = [];
            for (int i = 0; level > 0 && i <= count; i++)
            {
                image.Step();
                children.Add((cursor.Address(), (int)Math.Min(cursor.Unsigned(sizes[level - 1].Own), int.MaxValue)));
                cursor.Skip(sizes[level - 1].Below);
            }

            cursor.VerifyChecksum();
            foreach ((ulong child, int childCount) in children)
            {
                Visit(child, childCount, level - 1);
            }
        }
    }
}
