namespace Slipway.Keras.Hdf5;

/// <summary>The links of an old group: a B-tree (version 1) over nodes of symbols.</summary>
internal static class SymbolTable
{
    private const uint SoftLink = 2;

    /// <summary>Adds the links of the tree at <paramref name="address"/>.</summary>
    public static void Read(Hdf5Image image, ulong address, LocalHeap names, Dictionary<string, ulong> links)
    {
        foreach (BTree1.Child child in BTree1.Leaves(image, address, 0, image.LengthSize))
        {
            ReadNode(image, child.Address, names, links);
        }
    }

    private static void ReadNode(Hdf5Image image, ulong address, LocalHeap names, Dictionary<string, ulong> links)
    {
        Hdf5Cursor cursor = image.ReadMarked(address, "SNOD"u8, "symbol node");
        cursor.Skip(2); // version, reserved
        int count = cursor.U16();
        for (int i = 0; i < count; i++)
        {
            image.Step();
            ulong nameOffset = cursor.Unsigned(image.OffsetSize);
            ulong header = cursor.Address();
            uint cache = cursor.U32();
            cursor.Skip(4 + 16); // reserved, scratch pad
            if (cache != SoftLink)
            {
                Links.Add(links, names.TextAt(nameOffset), header);
            }
        }
    }
}
