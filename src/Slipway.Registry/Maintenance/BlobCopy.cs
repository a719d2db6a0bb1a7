using Slipway.Core;

namespace Slipway.Registry.Maintenance;

/// <summary>Brings a blob from one place to another, in whatever form it is kept there, and verifies it.</summary>
/// <param name="digest">Digest of the content.</param>
/// <param name="length">Size of the content.</param>
/// <param name="cancellationToken">Gives up.</param>
/// <returns>Whether it was copied; false when it was there already.</returns>
/// <exception cref="SlipwayException">There is no such blob, or it is damaged.</exception>
public delegate Task<bool> BlobCopy(Sha256Digest digest, long length, CancellationToken cancellationToken);

/// <summary>Ways to copy blobs.</summary>
internal static class BlobCopies
{
    /// <summary>Copies content from one store to another, which is opened with the first blob.</summary>
    public static BlobCopy Of(IBlobStore from, Func<IBlobStore> open)
    {
        Lazy<IBlobStore> to = new(open);
        return async (digest, length, cancellationToken) =>
        {
            if (await to.Value.GetLengthAsync(digest, cancellationToken) == length)
            {
                return false;
            }

            // Reading verifies the digest, and so does what comes out of the writing.
            await using Stream content = await from.OpenReadAsync(digest, cancellationToken);
            BlobInfo copied = await to.Value.PutAsync(content, length, cancellationToken);
            return copied.Digest == digest ? true : throw new SlipwayException($"blob {digest} is damaged: its bytes do not fit its digest");
        };
    }
}
