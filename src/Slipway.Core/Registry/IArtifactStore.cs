namespace Slipway.Core;

/// <summary>
/// Named files that may be replaced: what runs log, before a version freezes it. Names obey <see cref="ArtifactPath"/>; folders exist by the names of their files. Thread-safe.
/// </summary>
public interface IArtifactStore
{
    /// <summary>Stores a file under <paramref name="path"/>, in place of one that was there.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> for a bad name; <see cref="ErrorCode.PayloadTooLarge"/>.</exception>
    Task<ArtifactFile> PutAsync(string path, Stream content, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>The file of that name, or null.</summary>
    Task<ArtifactFile?> FindAsync(string path, CancellationToken cancellationToken);

    /// <summary>Opens a file; the stream is the caller's and can seek.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotFound"/>.</exception>
    Task<Stream> OpenReadAsync(string path, CancellationToken cancellationToken);

    /// <summary>Files and folders directly inside <paramref name="folder"/> (empty: the root), by name; none when there is no such folder.</summary>
    Task<IReadOnlyList<ArtifactEntry>> ListAsync(string folder, CancellationToken cancellationToken);

    /// <summary>All files below <paramref name="folder"/>, with names relative to it.</summary>
    Task<IReadOnlyList<ArtifactFile>> ListFilesAsync(string folder, CancellationToken cancellationToken);

    /// <summary>Removes the file, or the folder with all in it, of that name. False when there was neither.</summary>
    Task<bool> DeleteAsync(string path, ChangeContext change, CancellationToken cancellationToken);
}

/// <summary>A file or folder in a listing.</summary>
/// <param name="Name">Last segment of the name.</param>
/// <param name="File">The file; null for a folder.</param>
public sealed record ArtifactEntry(string Name, ArtifactFile? File);
