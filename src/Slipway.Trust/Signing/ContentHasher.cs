using System.Buffers;
using System.Security.Cryptography;
using Slipway.Core;

namespace Slipway.Trust.Signing;

/// <summary>Reads files once, in pieces, to hash and where wanted copy them.</summary>
internal static class ContentHasher
{
    private const int PieceBytes = 1 << 20;

    private static readonly string OfNothing = Convert.ToHexStringLower(SHA256.HashData([]));

    /// <summary>Hashes a whole file.</summary>
    /// <param name="file">The file; one of no length is not opened: it may be a pipe or device, which never ends.</param>
    /// <param name="copy">Gets the same bytes; null: nobody does.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: the file has another length than was listed.</exception>
    public static async ValueTask<string> HashAsync(ContentFile file, Stream? copy, CancellationToken cancellationToken)
    {
        string[] parts = await HashAsync(file, [(0, file.Length)], copy, cancellationToken);
        return parts[0];
    }

    /// <summary>Hashes consecutive parts of a file that together are all of it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="parts">First byte and byte behind the last of each, in order, without gaps.</param>
    /// <param name="copy">Gets the same bytes; null: nobody does.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async ValueTask<string[]> HashAsync(ContentFile file, IReadOnlyList<(long Start, long End)> parts, Stream? copy, CancellationToken cancellationToken)
    {
        if (file.Length == 0)
        {
            return [.. parts.Select(static _ => OfNothing)];
        }

        string[] digests = new string[parts.Count];
        byte[] piece = ArrayPool<byte>.Shared.Rent((int)Math.Min(PieceBytes, file.Length + 1));
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using Stream stream = file.Open();
        try
        {
            for (int i = 0; i < parts.Count; i++)
            {
                for (long left = parts[i].End - parts[i].Start; left > 0;)
                {
                    int read = await stream.ReadAsync(piece.AsMemory(0, (int)Math.Min(piece.Length, left)), cancellationToken);
                    if (read == 0)
                    {
                        throw new SlipwayException(ErrorCode.InvalidModel, $"file '{ResourceNames.Show(file.Name)}' is shorter than it was when it was listed");
                    }

                    hash.AppendData(piece, 0, read);
                    left -= read;
                    if (copy is not null)
                    {
                        await copy.WriteAsync(piece.AsMemory(0, read), cancellationToken);
                    }
                }

                digests[i] = Convert.ToHexStringLower(hash.GetHashAndReset());
            }

            return await stream.ReadAsync(piece.AsMemory(0, 1), cancellationToken) == 0
                ? digests
                : throw new SlipwayException(ErrorCode.InvalidModel, $"file '{ResourceNames.Show(file.Name)}' is longer than it was when it was listed");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
