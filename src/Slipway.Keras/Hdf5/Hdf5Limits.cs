namespace Slipway.Keras.Hdf5;

/// <summary>Bounds of what a file may ask for. They are far above what Keras writes and far below what would hurt.</summary>
internal static class Hdf5Limits
{
    /// <summary>Structures (messages, links, tree nodes, chunks, heap objects) read from one file before it is refused.</summary>
    public const int Steps = 4_000_000;

    /// <summary>Levels of a B-tree or of a fractal heap.</summary>
    public const int TreeDepth = 32;

    /// <summary>Dimensions of a data set; HDF5's own limit.</summary>
    public const int Rank = 32;

    /// <summary>Groups between the root and an object.</summary>
    public const int PathDepth = 64;

    /// <summary>Bytes that may come out of filters or fill values, beyond <see cref="DecodedPerFileByte"/> times the file's size.</summary>
    public const long DecodedBase = 64L << 20;

    /// <summary>Bytes that may come out of filters or fill values for every byte of the file. Weights hardly compress.</summary>
    public const long DecodedPerFileByte = 4;
}
