using Slipway.Core;
using Slipway.Formats.Abstractions;

namespace Slipway.TensorFlow.Bundles;

/// <summary>Reads files of a version, or parts of them, into memory.</summary>
internal static class WholeFile
{
    private const int ChunkBytes = 1 << 16;

    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> for a file too large for memory, <see cref="ErrorCode.InvalidModel"/> when it ends early.</exception>
    public static byte[] Read(VersionFile file) => file.Length <= Array.MaxLength
        ? Read(file, 0, (int)file.Length)
        : throw new SlipwayException(ErrorCode.NotSupported, $"'{file.Name}' has {file.Length} bytes: too many to be held in memory");

    /// <summary>Reads a part that was checked to lie within the listed length.</summary>
    public static byte[] Read(VersionFile file, long offset, int length)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(length);
        using Stream stream = file.OpenRead();
        Skip(stream, offset);
        return stream.ReadAtLeast(bytes, length, throwOnEndOfStream: false) == length
            ? bytes
            : throw new SlipwayException(ErrorCode.InvalidModel, $"'{file.Name}' is shorter than was listed");
    }

    private static void Skip(Stream stream, long count)
    {
        if (stream.CanSeek)
        {
            stream.Seek(count, SeekOrigin.Begin);
            return;
        }

        byte[] chunk = new byte[ChunkBytes];
        while (count > 0)
        {
            int read = stream.Read(chunk, 0, (int)Math.Min(count, chunk.Length));
            if (read == 0)
            {
                return;
            }

            count -= read;
        }
    }
}
