using System.Text;
using Slipway.Core;

namespace Slipway.Inference.Repository.Files;

/// <summary>The small files that a model's configuration may point at, beside it in the model's own folder, or among the files of its version.</summary>
public sealed class ModelFolder
{
    private readonly string? _path;
    private readonly ModelArtifact? _artifact;

    /// <summary>Files of a folder.</summary>
    /// <param name="path">Real path of the folder; null when the model has none.</param>
    public ModelFolder(string? path) => _path = path;

    /// <summary>Files of a version.</summary>
    public ModelFolder(ModelArtifact artifact) => _artifact = artifact;

    /// <summary>Most bytes of one such file.</summary>
    public const int MaxBytes = 64 << 20;

    /// <summary>No folder: every file is refused.</summary>
    public static ModelFolder None { get; } = new((string?)null);

    /// <summary>Reads a file. The name is relative, <c>/</c> between folders; links and <c>..</c> are refused.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> with why it can't be read.</exception>
    public byte[] ReadBytes(string name)
    {
        if (!IsPlainName(name))
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"'{name}' is not a plain relative file name");
        }

        using Stream stream = _artifact is null ? OpenFile(name) : OpenPart(_artifact, name);
        if (stream.Length > MaxBytes)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"file '{name}' has more than {MaxBytes} bytes");
        }

        byte[] bytes = new byte[stream.Length];
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes[..read];
    }

    /// <summary>Reads a text file's lines, without the empty one behind the last line feed.</summary>
    /// <exception cref="SlipwayException">As <see cref="ReadBytes"/>.</exception>
    public IReadOnlyList<string> ReadLines(string name)
    {
        string text = Encoding.UTF8.GetString(ReadBytes(name)).TrimStart('\uFEFF');
        string[] lines = text.Split('\n');
        int count = lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        return [.. lines.Take(count).Select(static line => line.TrimEnd('\r'))];
    }

    /// <summary>Whether a name is relative and stays below its folder.</summary>
    public static bool IsPlainName(string name) =>
        name.Length is > 0 and <= 1024
        && name[0] != '/'
        && !name.AsSpan().ContainsAny('\\', '\0', ':')
        && !name.Split('/').Any(static part => part is "" or "." or "..");

    private FileStream OpenFile(string name)
    {
        if (_path is null)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"file '{name}': a model without a folder of its own has no further files");
        }

        return File.Exists(Path.Combine(_path, name)) && new FileInfo(Path.Combine(_path, name)).Length > 0
            ? new FileStream(PlainFile.Open(_path, name), FileAccess.Read, bufferSize: 0)
            : throw new SlipwayException(ErrorCode.InvalidModel, $"file '{name}' is not in the model's folder, or empty", new FileNotFoundException(null, name));
    }

    private static Stream OpenPart(ModelArtifact artifact, string name) => artifact.Files.Any(file => file.Name == name && file.Length > 0)
        ? artifact.OpenRead(name)
        : throw new SlipwayException(ErrorCode.InvalidModel, $"file '{name}' is not among the version's files, or empty");
}
