using Slipway.Core;

namespace Slipway.Keras.Hdf5;

/// <summary>The two answers to a file that can't be read: it is damaged, or it uses a part of HDF5 that no Keras file needs.</summary>
internal static class Hdf5Fault
{
    /// <summary>What the file says contradicts itself, its size, or the format.</summary>
    public static SlipwayException Damaged(string what) => new(ErrorCode.InvalidModel, $"the HDF5 file is damaged: {what}");

    /// <summary>What the file says is valid HDF5 that is not read here.</summary>
    public static SlipwayException NotSupported(string what) => new(ErrorCode.NotSupported, $"the HDF5 file has {what}, which is not read here; write the model anew with Keras, or repack it with h5repack");
}
