namespace Slipway.Keras.Hdf5;

/// <summary>Values of varying length, which data sets and attributes refer to. Each collection is read once.</summary>
internal sealed class GlobalHeap(Hdf5Image image)
{
    private readonly Dictionary<ulong, Dictionary<uint, ReadOnlyMemory<byte>>> _collections = [];

    /// <summary>A value.</summary>
    public ReadOnlyMemory<byte> Find(ulong collection, uint index)
    {
        if (!_collections.TryGetValue(collection, out Dictionary<uint, ReadOnlyMemory<byte>>? objects))
        {
            objects = ReadCollection(collection);
            _collections.Add(collection, objects);
        }

        return objects.TryGetValue(index, out ReadOnlyMemory<byte> value) ? value : throw Hdf5Fault.Damaged("text that is not in its heap");
    }

    private Dictionary<uint, ReadOnlyMemory<byte>> ReadCollection(ulong address)
    {
        Hdf5Cursor head = image.ReadMarked(address, "GCOL"u8, "global heap");
        head.Skip(4); // version, reserved
        ReadOnlyMemory<byte> bytes = image.Slice(address, head.Length(), "a global heap");
        Hdf5Cursor cursor = image.Read(bytes, "a global heap");
        cursor.Skip(head.Position);
        Dictionary<uint, ReadOnlyMemory<byte>> objects = [];
        while (cursor.Remaining >= 8 + image.LengthSize)
        {
            image.Step();
            uint index = cursor.U16();
            cursor.Skip(6); // count of references, reserved
            ulong size = cursor.Length();
            if (index == 0)
            {
                break; // free space up to the end
            }

            int start = cursor.Position;
            cursor.Skip(checked((int)Math.Min(size, int.MaxValue)));
            objects[index] = bytes.Slice(start, (int)size);
            cursor.Skip(Math.Min(-cursor.Position & 7, cursor.Remaining));
        }

        return objects;
    }
}
