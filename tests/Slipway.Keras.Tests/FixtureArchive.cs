using System.IO.Compression;

namespace Slipway.Keras.Tests;

/// <summary>An archive of test files that is part of this assembly.</summary>
internal sealed class FixtureArchive(string name)
{
    private readonly Lazy<byte[]> _bytes = new(() =>
    {
        using Stream stream = typeof(FixtureArchive).Assembly.GetManifestResourceStream(name)!;
        using MemoryStream copy = new();
        stream.CopyTo(copy);
        return copy.ToArray();
    });

    /// <summary>Names of its folders.</summary>
    public IReadOnlyList<string> Folders
    {
        get
        {
            using ZipArchive zip = new(new MemoryStream(_bytes.Value));
            return [.. zip.Entries.Select(static entry => entry.FullName.Split('/')[0]).Distinct()];
        }
    }

    /// <summary>The only file in a folder whose name begins so.</summary>
    public (string FileName, byte[] Bytes) Read(string folder, string start)
    {
        using ZipArchive zip = new(new MemoryStream(_bytes.Value));
        ZipArchiveEntry entry = zip.Entries.Single(entry => entry.FullName.StartsWith($"{folder}/{start}", StringComparison.Ordinal));
        using Stream stream = entry.Open();
        using MemoryStream copy = new();
        stream.CopyTo(copy);
        return (entry.Name, copy.ToArray());
    }
}
