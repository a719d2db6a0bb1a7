using Slipway.Core;
using Slipway.Formats.Abstractions;

namespace Slipway.Formats.Conversion;

/// <summary>Reads a file of a version into memory.</summary>
internal static class WholeFile
{
    private const long MaxBytes = 1L << 30;

    /// <summary>All bytes of the file.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> when it is larger than 1 GiB.</exception>
    public static byte[] Read(VersionFile file)
    {
        if (file.Length > MaxBytes)
        {
            throw new SlipwayException(ErrorCode.NotSupported, $"'{file.Name}' is larger than {MaxBytes >> 20} MiB");
        }

        byte[] bytes = new byte[file.Length];
        using Stream stream = file.OpenRead();
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read == bytes.Length ? bytes : throw new SlipwayException(ErrorCode.InvalidModel, $"'{file.Name}' is shorter than was listed");
    }
}
