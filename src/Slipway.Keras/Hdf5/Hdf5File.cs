namespace Slipway.Keras.Hdf5;

/// <summary>
/// An HDF5 file in memory, as far as Keras and h5py write it: superblocks 0 to 3, old and new groups, attributes, and data sets that are contiguous, compact or chunked
/// with deflate, shuffle and Fletcher-32. After the HDF5 file format specification, version 3. Not thread-safe.
/// </summary>
internal sealed class Hdf5File
{
    private const int MaxObjects = 1_000_000;

    private readonly Dictionary<ulong, Hdf5Object> _objects = [];

    private Hdf5File(Hdf5Image image)
    {
        (Image, Heap) = (image, new GlobalHeap(image));
    }

    /// <summary>The root group.</summary>
    public Hdf5Object Root { get; private set; } = null!;

    internal Hdf5Image Image { get; }

    internal GlobalHeap Heap { get; }

    /// <summary>Opens a file; data sets may be views of <paramref name="bytes"/>.</summary>
    /// <exception cref="Core.SlipwayException"><see cref="Core.ErrorCode.InvalidModel"/> or <see cref="Core.ErrorCode.NotSupported"/>, here and wherever the file is read later.</exception>
    public static Hdf5File Open(ReadOnlyMemory<byte> bytes)
    {
        (Hdf5Image image, ulong root) = Superblock.Read(bytes);
        Hdf5File file = new(image);
        file.Root = file.Open(root, "");
        return file;
    }

    internal Hdf5Object Open(ulong address, string path)
    {
        if (!_objects.TryGetValue(address, out Hdf5Object? found))
        {
            if (_objects.Count >= MaxObjects)
            {
                throw Hdf5Fault.Damaged($"it has more than {MaxObjects} objects");
            }

            found = new Hdf5Object(this, path, address);
            _objects.Add(address, found);
        }

        return found;
    }
}
