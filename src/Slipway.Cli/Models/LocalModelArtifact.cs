using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Slipway.Cli.Terminal;
using Slipway.Core;
using Slipway.Formats.Onnx;

namespace Slipway.Cli.Models;

/// <summary>A model named on the command line: one file and the files beside it that it refers to, or a folder with all that is in it.</summary>
internal sealed class LocalModelArtifact : ModelArtifact
{
    private readonly string _folder;

    private LocalModelArtifact(string folder, string? mainFile, IEnumerable<string> names)
    {
        _folder = folder;
        MainFile = mainFile;
        Files =
        [
            .. names.Select(name => new ModelFile(name, new FileInfo(PathOf(name)).Length)).OrderBy(static file => file.Name, StringComparer.Ordinal),
        ];
        ChangeToken = string.Join('|', Files.Select(file => string.Create(
            CultureInfo.InvariantCulture, $"{file.Name}:{file.Length}:{File.GetLastWriteTimeUtc(PathOf(file.Name)).Ticks}")));
    }

    public override string ChangeToken { get; }

    public override string? MainFile { get; }

    public override IReadOnlyList<ModelFile> Files { get; }

    /// <summary>Finds the files of a model.</summary>
    /// <param name="path">A file or a folder.</param>
    /// <exception cref="CliException">There is no such file.</exception>
    public static LocalModelArtifact Open(string path)
    {
        if (Directory.Exists(path))
        {
            return new LocalModelArtifact(path, null, Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(path, file).Replace(Path.DirectorySeparatorChar, '/')));
        }

        if (!File.Exists(path))
        {
            throw new CliException(ExitCode.BadInput, $"there is no model '{path}'");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string main = Path.GetFileName(path);
        return new LocalModelArtifact(folder, main, [main, .. ExternalFiles(path).Where(name => name != main && File.Exists(Path.Combine(folder, name)))]);
    }

    public override Stream OpenRead(string name) => File.OpenRead(PathOf(name));

    public override SafeFileHandle OpenFile(string name) => File.OpenHandle(PathOf(name));

    // Which of the files beside it belong to an ONNX model only the model says; whether it may refer to them is judged where it is prepared.
    private static IEnumerable<string> ExternalFiles(string path)
    {
        if (!path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }

        try
        {
            using FileStream stream = File.OpenRead(path);
            return [.. OnnxReader.Read(stream, stream.Length).ExternalTensors.Select(static tensor => tensor.External!.Location)
                .Where(static location => !Path.IsPathRooted(location) && !location.Split('/').Contains(".."))
                .Distinct(StringComparer.Ordinal)];
        }
        catch (SlipwayException)
        {
            // What is wrong with the file is said when it is prepared.
            return [];
        }
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}
