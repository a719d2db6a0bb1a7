namespace Slipway.TestKit;

/// <summary>A folder of its own that goes away with the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("slipway-test-").FullName;

    /// <summary>Writes a file, making its folders; <c>/</c> separates.</summary>
    public string Write(string name, ReadOnlySpan<byte> content)
    {
        string path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    public string Write(string name, string content) => Write(name, System.Text.Encoding.UTF8.GetBytes(content));

    public string PathOf(string name) => Path.Combine(Root, name);

    /// <summary>Sets the time of everything below, folders included, so that it looks long finished.</summary>
    public void Age(TimeSpan age)
    {
        DateTime then = DateTime.UtcNow - age;
        foreach (string path in Directory.EnumerateFileSystemEntries(Root, "*", SearchOption.AllDirectories).OrderByDescending(static path => path.Length))
        {
            if (File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint))
            {
                continue;
            }

            if (Directory.Exists(path))
            {
                Directory.SetLastWriteTimeUtc(path, then);
            }
            else
            {
                File.SetLastWriteTimeUtc(path, then);
            }
        }
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (IOException)
        {
        }
    }
}
