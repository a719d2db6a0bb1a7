using Slipway.Cli.Terminal;
using Slipway.Core;
using Slipway.Formats;

namespace Slipway.Cli.Registry;

/// <summary>Finds the files of a version on this machine: a folder with all that is in it, or a model file and the files beside it that it names.</summary>
internal static class LocalFiles
{
    private const int MaxDepth = 32;
    private const string SignatureExtension = ".sig";

    /// <summary>The files at <paramref name="path"/>; what only points at content elsewhere (Git LFS, DVC) is resolved from local caches.</summary>
    /// <exception cref="CliException">There is nothing, a link, or a pointer whose content is not here.</exception>
    public static IReadOnlyList<LocalFile> Of(string path)
    {
        bool isFolder = Directory.Exists(path);
        List<LocalFile> files = isFolder ? [.. OfFolder(Path.GetFullPath(path))] : [.. OfFile(path)];
        return files.Count > 0
            ? [.. files.SelectMany(file => PointerFile.Resolve(file, isWhole: !isFolder)).OrderBy(static file => file.Name, StringComparer.Ordinal)]
            : throw new CliException(ExitCode.BadInput, $"'{path}': the folder is empty");
    }

    private static IEnumerable<LocalFile> OfFile(string path)
    {
        FileInfo main = new(path);
        if (!main.Exists)
        {
            // `dvc add model.onnx` leaves model.onnx.dvc in its place, and that of a folder likewise.
            FileInfo pointer = new(path.TrimEnd('/') + DvcPointer.Extension);
            return pointer.Exists ? [new LocalFile(pointer.Name, pointer.FullName, pointer.Length)] : throw new CliException(ExitCode.BadInput, $"there is no file or folder '{path}'");
        }

        if (PointerFile.IsPointer(main.FullName))
        {
            return [new LocalFile(main.Name, main.FullName, main.Length)];
        }

        string folder = Path.GetDirectoryName(main.FullName)!;
        IEnumerable<LocalFile> files = StandaloneModel.Open(path).Files.Select(file => new LocalFile(file.Name, Path.Combine(folder, file.Name), file.Length));
        FileInfo signature = new(main.FullName + SignatureExtension);
        return signature.Exists ? files.Append(new LocalFile(signature.Name, signature.FullName, signature.Length)) : files;
    }

    private static IEnumerable<LocalFile> OfFolder(string root)
    {
        Stack<(string Folder, int Depth)> open = new([(root, 0)]);
        int count = 0;
        while (open.TryPop(out (string Folder, int Depth) next))
        {
            foreach (FileSystemInfo entry in new DirectoryInfo(next.Folder).EnumerateFileSystemInfos())
            {
                string name = Path.GetRelativePath(root, entry.FullName).Replace(Path.DirectorySeparatorChar, '/');
                if (entry.LinkTarget is not null)
                {
                    throw new CliException(ExitCode.BadInput, $"'{name}' is a symbolic link: put the file itself into the folder");
                }

                if (entry is DirectoryInfo)
                {
                    if (next.Depth == MaxDepth)
                    {
                        throw new CliException(ExitCode.BadInput, $"'{name}': folders nested more than {MaxDepth} deep");
                    }

                    // What a version control tool keeps beside the files is not theirs.
                    if (entry.Name is not (".git" or ".dvc"))
                    {
                        open.Push((entry.FullName, next.Depth + 1));
                    }
                }
                else if (++count > ModelManifest.MaxFiles)
                {
                    throw new CliException(ExitCode.BadInput, $"more than {ModelManifest.MaxFiles} files");
                }
                else
                {
                    yield return new LocalFile(name, entry.FullName, ((FileInfo)entry).Length);
                }
            }
        }
    }
}
