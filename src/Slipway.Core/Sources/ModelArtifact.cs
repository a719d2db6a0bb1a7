using Microsoft.Win32.SafeHandles;

namespace Slipway.Core;

/// <summary>
/// The files of one version. Two artifacts with the same <see cref="ChangeToken"/> hold the same bytes: a version whose token changes is loaded again.
/// </summary>
public abstract class ModelArtifact
{
    /// <summary>Changes when the bytes may have changed (sizes and times for a folder; the digest for a registry).</summary>
    public abstract string ChangeToken { get; }

    /// <summary>
    /// Digest that the version's files must have (that of their <see cref="ModelManifest"/>, lower-case hex), checked before any of them is read as a model; null when nobody has
    /// said what they must be.
    /// </summary>
    public virtual string? ExpectedDigest => null;

    /// <summary>
    /// Digest that the whole version was found to have, where this is a part of it (what was signed, without the signature): answers name the version by it. Null where the version's
    /// digest is that of <see cref="Files"/>.
    /// </summary>
    public virtual string? VerifiedDigest => null;

    /// <summary>The main file's name within the version, with <c>/</c> between folders; null when the format has to be found from the files.</summary>
    public abstract string? MainFile { get; }

    /// <summary>All files of the version and their sizes in bytes; names are relative, with <c>/</c> between folders, ordinal order.</summary>
    public abstract IReadOnlyList<ModelFile> Files { get; }

    /// <summary>
    /// Opens one of <see cref="Files"/> for reading from its start. Links that leave the version, and names not listed, are refused. Blocks, and so does reading: where content comes
    /// over a network, for as long as the store waits for each answer. To be called on a thread that may wait, as those that load are.
    /// </summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when the file is refused or gone.</exception>
    public abstract Stream OpenRead(string name);

    /// <summary>
    /// As <see cref="OpenRead"/>, but as an open file that a runtime may map; null when the version is not kept in files of this machine. The handle is
    /// the caller's.
    /// </summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when the file is refused or gone.</exception>
    public virtual SafeFileHandle? OpenFile(string name) => null;

    /// <summary>
    /// Everything that lies in the version but its signature: <see cref="Files"/>, and what is no part of the model (configuration beside it, names that begin with
    /// a dot). A signature speaks for all of it. May look at the folder anew. <see cref="OpenRead"/> opens these too.
    /// </summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when it can't be listed.</exception>
    public virtual IReadOnlyList<ModelFile> ListEverything() => Files;

    /// <summary>Opens the version's detached signature; null when it has none. It is not one of <see cref="Files"/>.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when it is refused or gone.</exception>
    public virtual Stream? OpenSignature() => null;
}

/// <summary>A file of a version.</summary>
/// <param name="Name">Relative name, <c>/</c> between folders.</param>
/// <param name="Length">Size in bytes.</param>
public readonly record struct ModelFile(string Name, long Length);
