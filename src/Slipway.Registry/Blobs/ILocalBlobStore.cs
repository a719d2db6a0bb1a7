using Microsoft.Win32.SafeHandles;
using Slipway.Core;

namespace Slipway.Registry.Blobs;

/// <summary>A blob store that keeps content as plain files of this machine, or can: a runtime may map them.</summary>
public interface ILocalBlobStore : IBlobStore
{
    /// <summary>Opens a blob as a file; the handle is the caller's. Null when it can't be a file, as when it is encrypted.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotFound"/> when there is no such blob.</exception>
    Task<SafeFileHandle?> OpenFileAsync(Sha256Digest digest, CancellationToken cancellationToken);
}
