using System.Text;

namespace Slipway.Keras.Hdf5;

/// <summary>The names of an old group's links.</summary>
internal sealed class LocalHeap
{
    private readonly ReadOnlyMemory<byte> _data;

    private LocalHeap(ReadOnlyMemory<byte> data)
    {
        _data = data;
    }

    public static LocalHeap Read(Hdf5Image image, ulong address)
    {
        Hdf5Cursor cursor = image.ReadMarked(address, "HEAP"u8, "local heap");
        cursor.Skip(4); // version, reserved
        ulong size = cursor.Length();
        cursor.Length(); // free list
        return new LocalHeap(image.Slice(cursor.Address(), size, "a local heap"));
    }

    /// <summary>The text that begins at an offset and ends with a zero byte.</summary>
    public string TextAt(ulong offset)
    {
        if (offset >= (ulong)_data.Length)
        {
            throw Hdf5Fault.Damaged("the name of a link lies outside its heap");
        }

        ReadOnlySpan<byte> rest = _data.Span[(int)offset..];
        int end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? throw Hdf5Fault.Damaged("the name of a link has no end") : rest[..end]);
    }
}
