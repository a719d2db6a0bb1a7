using Slipway.Core;

namespace Slipway.Trust.Staging;

/// <summary>
/// Private copies of a version's files, made while they are verified, so that what is parsed is what was verified whatever happens to the originals meanwhile.
/// Small ones are kept in memory, large ones in a folder that only this user can enter. Not thread-safe while it is filled.
/// </summary>
internal sealed class StagedFiles : IDisposable
{
    /// <summary>Files up to this size are kept in memory.</summary>
    public const long LargestInMemory = 32 << 20;

    /// <summary>Most bytes that are kept in memory of one version.</summary>
    public const long MostInMemory = 256 << 20;

    private readonly string? _parent;
    private readonly Dictionary<string, StagedFile> _files = new(StringComparer.Ordinal);
    private string? _folder;
    private long _inMemory;

    /// <param name="parent">Where the folder of large files is made; null: the system's folder for temporary files.</param>
    public StagedFiles(string? parent) => _parent = parent;

    /// <summary>Where the copy of a file goes; the caller disposes it when all is written.</summary>
    public Stream Add(ContentFile file)
    {
        if (file.Length <= LargestInMemory && _inMemory + file.Length <= MostInMemory)
        {
            _inMemory += file.Length;
            byte[] bytes = new byte[file.Length];
            _files[file.Name] = new StagedFile(bytes, null);
            return new MemoryStream(bytes, writable: true);
        }

        // Named by number: a model's names never become names of files here.
        string path = Path.Combine(_folder ??= MakeFolder(), _files.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
        _files[file.Name] = new StagedFile(null, path);
        return new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 });
    }

    /// <summary>The copy of a file.</summary>
    public StagedFile? Find(string name) => _files.GetValueOrDefault(name);

    /// <summary>Removes the folder. Open files stay readable where the system allows that.</summary>
    public void Dispose()
    {
        try
        {
            if (_folder is not null)
            {
                Directory.Delete(_folder, recursive: true);
            }
        }
        catch (IOException)
        {
            // A file that is still open can't be deleted on some systems; the parent is emptied at the next start.
        }
    }

    private string MakeFolder()
    {
        if (_parent is null)
        {
            return Directory.CreateTempSubdirectory("slipway-").FullName;
        }

        Directory.CreateDirectory(_parent);
        string folder = Path.Combine(_parent, Guid.NewGuid().ToString("N"));
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return folder;
    }
}

/// <summary>A private copy: in memory, or in a file.</summary>
/// <param name="Bytes">The bytes; null when they are in a file.</param>
/// <param name="Path">The file; null when the bytes are in memory.</param>
internal sealed record StagedFile(byte[]? Bytes, string? Path);
