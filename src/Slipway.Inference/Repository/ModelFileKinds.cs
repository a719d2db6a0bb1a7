using Microsoft.Win32.SafeHandles;
using Slipway.Core;
using Slipway.Inference.Repository.Files;

namespace Slipway.Inference.Repository;

/// <summary>Tells models from other files in a models folder: by extension, and by content where an extension means many things.</summary>
internal sealed class ModelFileKinds(PollOptions options)
{
    private const int HeadBytes = 4096;

    private static readonly string[] Compressions = [".gz", ".z", ".bz2", ".xz", ".lzma", ".lz4"];

    /// <summary>Whether a file directly in <paramref name="folder"/> is a model. A file that is not there yet, or can't be read, is none.</summary>
    public bool IsModelFile(string folder, string name)
    {
        if (options.Extensions.Contains(Path.GetExtension(WithoutCompression(name)), StringComparer.OrdinalIgnoreCase))
        {
            return true;
        }

        return options.LooksLikeModel is { } looksLikeModel
            && options.AmbiguousExtensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase)
            && TryReadHead(folder, name, out long length, out byte[] head)
            && looksLikeModel(name, length, head);
    }

    /// <summary>The model's name that a single file's name gives: without its extension, and without that of the compression.</summary>
    public string ModelNameOf(string name) =>
        Path.GetFileNameWithoutExtension(options.Extensions.Contains(Path.GetExtension(WithoutCompression(name)), StringComparer.OrdinalIgnoreCase) ? WithoutCompression(name) : name);

    private static string WithoutCompression(string name) =>
        Compressions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase) ? Path.GetFileNameWithoutExtension(name) : name;

    // What has no size is not opened: it may be a pipe or a device, which never ends.
    private static bool TryReadHead(string folder, string name, out long length, out byte[] head)
    {
        (length, head) = (0, []);
        try
        {
            FileInfo info = new(Path.Combine(folder, name));
            if (!info.Exists || info.LinkTarget is not null || info.Length == 0)
            {
                return false;
            }

            using SafeFileHandle file = PlainFile.Open(folder, name);
            length = info.Length;
            head = new byte[Math.Min(HeadBytes, length)];
            int read = RandomAccess.Read(file, head, 0);
            head = head[..read];
            return read > 0;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or SlipwayException)
        {
            return false;
        }
    }
}
