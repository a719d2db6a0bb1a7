using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Slipway.Core;

namespace Slipway.Formats.Abstractions;

/// <summary>
/// The files of a version while it is being read. Each file is opened once: what was hashed and checked is what is handed on. Not thread-safe.
/// </summary>
public sealed class VersionFiles : IDisposable
{
    private static readonly string EmptyHash = Convert.ToHexStringLower(SHA256.HashData([]));

    private readonly ModelArtifact _artifact;
    private readonly Dictionary<string, VersionFile> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _lengths = new(StringComparer.Ordinal);

    /// <summary>Files of <paramref name="artifact"/>, of which <paramref name="mainFile"/> is the model.</summary>
    public VersionFiles(ModelArtifact artifact, string mainFile)
    {
        _artifact = artifact;
        MainFile = mainFile;
        foreach (ModelFile file in artifact.Files)
        {
            _lengths[file.Name] = file.Length;
        }
    }

    /// <summary>Name of the model's file.</summary>
    public string MainFile { get; internal set; }

    /// <summary>All files of the version.</summary>
    public IReadOnlyList<ModelFile> Files => _artifact.Files;

    /// <summary>Whether the version has a file of this name.</summary>
    public bool Contains(string name) => _lengths.ContainsKey(name);

    /// <summary>Opens a file, or gives the one that was opened before. It stays this object's until it is taken over.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when there is none, or it is refused.</exception>
    public VersionFile Open(string name)
    {
        if (!_open.TryGetValue(name, out VersionFile? file))
        {
            file = OpenAnew(name);
            _open.Add(name, file);
        }

        return file;
    }

    /// <summary>
    /// The version's digest, see <see cref="VersionManifest"/>. Reads the files that nobody has read to the end yet.
    /// </summary>
    public string ComputeDigest(CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        VersionManifest.Append(hash, Files.Select(file => new VersionManifest.Entry(file.Name, HashOf(file, cancellationToken), file.Length)));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Hands a file over as content: from then on it belongs to the caller.</summary>
    public ModelContent Take(string name)
    {
        VersionFile file = Open(name);
        ModelContent content = file.ToContent();
        _open.Remove(name);
        return content;
    }

    /// <summary>Closes the files that were not taken.</summary>
    public void Dispose()
    {
        foreach (VersionFile file in _open.Values)
        {
            file.Dispose();
        }

        _open.Clear();
    }

    // What is empty is not opened: it may be a pipe or device, which never ends. What is only hashed is closed again: a version may have thousands of files.
    private string HashOf(ModelFile listed, CancellationToken cancellationToken)
    {
        if (listed.Length == 0)
        {
            return EmptyHash;
        }

        if (_open.TryGetValue(listed.Name, out VersionFile? open))
        {
            return open.ComputeHash(cancellationToken);
        }

        using VersionFile file = OpenAnew(listed.Name);
        return file.ComputeHash(cancellationToken);
    }

    private VersionFile OpenAnew(string name)
    {
        if (!_lengths.TryGetValue(name, out long length))
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"the version has no file '{name}'");
        }

        if (length == 0)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"file '{name}' is empty");
        }

        SafeFileHandle? handle = _artifact.OpenFile(name);
        return handle is null
            ? new VersionFile(name, length, () => _artifact.OpenRead(name))
            : new VersionFile(name, RandomAccess.GetLength(handle), handle);
    }
}
