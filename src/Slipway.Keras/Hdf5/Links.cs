using System.Text;

namespace Slipway.Keras.Hdf5;

/// <summary>Reads what is in a group: the names and where their objects are. Links to names or other files are left out; nobody who looks for an object finds it through them.</summary>
internal static class Links
{
    /// <summary>Reads all links of the group with this header; null when the object is no group.</summary>
    public static Dictionary<string, ulong>? Read(Hdf5Image image, ObjectHeader header)
    {
        Dictionary<string, ulong> links = new(StringComparer.Ordinal);
        if (header.Find(MessageType.SymbolTable) is { } table)
        {
            Hdf5Cursor cursor = image.Read(table, "a symbol table message");
            ulong tree = cursor.Address();
            SymbolTable.Read(image, tree, LocalHeap.Read(image, cursor.Address()), links);
            return links;
        }

        if (header.Find(MessageType.LinkInfo) is not { } info)
        {
            return null;
        }

        foreach (ReadOnlyMemory<byte> message in header.All(MessageType.Link))
        {
            AddLink(image, message, links);
        }

        AddDense(image, info, links);
        return links;
    }

    /// <summary>Adds a link unless its name is taken, which no valid file has.</summary>
    public static void Add(Dictionary<string, ulong> links, string name, ulong address)
    {
        if (!links.TryAdd(name, address))
        {
            throw Hdf5Fault.Damaged("two links of a group have the same name");
        }
    }

    private static void AddDense(Hdf5Image image, ReadOnlyMemory<byte> info, Dictionary<string, ulong> links)
    {
        Hdf5Cursor cursor = image.Read(info, "a link info message");
        cursor.Skip(1);
        byte flags = cursor.U8();
        cursor.Skip((flags & 1) != 0 ? 8 : 0);
        ulong heapAddress = cursor.Address();
        ulong treeAddress = cursor.Address();
        if (heapAddress == Hdf5Image.Undefined || treeAddress == Hdf5Image.Undefined)
        {
            return;
        }

        FractalHeap heap = FractalHeap.Read(image, heapAddress);
        foreach (ReadOnlyMemory<byte> record in BTree2.Read(image, treeAddress, 5))
        {
            AddLink(image, heap.Find(record[4..]), links); // a hash of the name, then the heap's id
        }
    }

    private static void AddLink(Hdf5Image image, ReadOnlyMemory<byte> message, Dictionary<string, ulong> links)
    {
        image.Step();
        Hdf5Cursor cursor = image.Read(message, "a link");
        cursor.Skip(1);
        byte flags = cursor.U8();
        int type = (flags & 0x08) != 0 ? cursor.U8() : 0;
        cursor.Skip((flags & 0x04) != 0 ? 8 : 0); // order of creation
        cursor.Skip((flags & 0x10) != 0 ? 1 : 0); // character set
        ulong length = cursor.Unsigned(1 << (flags & 3));
        string name = Encoding.UTF8.GetString(cursor.Take((int)Math.Min(length, int.MaxValue)));
        if (type == 0)
        {
            Add(links, name, cursor.Address());
        }
    }
}
