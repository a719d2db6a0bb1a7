using Microsoft.Win32.SafeHandles;
using Slipway.Core;
using Slipway.Formats.Onnx;

namespace Slipway.Formats;

/// <summary>
/// A model named by its path on the command line: a folder with all that is in it, or a file and the files beside it that it names.
/// </summary>
public sealed class StandaloneModel : ModelArtifact
{
    private const int MaxFiles = 10_000;

    private readonly string _folder;

    private StandaloneModel(string folder, string? mainFile, IReadOnlyList<ModelFile> files)
    {
        (_folder, MainFile, Files) = (folder, mainFile, files);
    }

    /// <inheritdoc/>
    public override string ChangeToken { get; } = Guid.NewGuid().ToString("N");

    /// <inheritdoc/>
    public override string? MainFile { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ModelFile> Files { get; }

    /// <summary>Finds the files of the model at <paramref name="path"/>.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when there is nothing, or it can't be read.</exception>
    public static StandaloneModel Open(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                string root = Path.GetFullPath(path);
                return new StandaloneModel(root, null, [.. List(root)]);
            }

            FileInfo file = new(path);
            if (!file.Exists)
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"there is no file '{Path.GetFileName(path)}'");
            }

            string folder = Path.GetDirectoryName(file.FullName)!;

            // Only what the model names belongs to it: the folder may be full of other things.
            IEnumerable<ModelFile> beside = OnnxLocations.Of(file).Distinct(StringComparer.Ordinal)
                .Where(name => name != file.Name && File.Exists(Path.Combine(folder, name)))
                .Select(name => new ModelFile(name, new FileInfo(Path.Combine(folder, name)).Length));
            return new StandaloneModel(folder, file.Name, [.. beside.Append(new ModelFile(file.Name, LengthOf(file))).OrderBy(static part => part.Name, StringComparer.Ordinal)]);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"'{Path.GetFileName(path)}' can't be read", fault);
        }
    }

    /// <inheritdoc/>
    public override Stream OpenRead(string name) => new FileStream(OpenFile(name), FileAccess.Read, bufferSize: 0);

    /// <inheritdoc/>
    public override SafeFileHandle OpenFile(string name)
    {
        string path = _folder;
        foreach (string part in name.Split('/'))
        {
            path = Path.Combine(path, part);

            // The file that the user named may be a link; what a file names may not.
            if (name != MainFile && new FileInfo(path).LinkTarget is not null)
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"file '{name}' is, or lies behind, a symbolic link: that is refused");
            }
        }

        try
        {
            return File.OpenHandle(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"file '{name}' can't be opened", fault);
        }
    }

    private static IEnumerable<ModelFile> List(string root) => Directory
        .EnumerateFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 8 })
        .Take(MaxFiles)
        .Select(path => new ModelFile(Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/'), new FileInfo(path).Length))
        .OrderBy(static file => file.Name, StringComparer.Ordinal);

    private static long LengthOf(FileInfo file) => file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target.Length : file.Length;
}
