namespace Slipway.Traffic.Experiments;

/// <summary>One file for each experiment in a folder, replaced by renaming. One process writes.</summary>
/// <param name="folder">The folder; made when it is first written to.</param>
public sealed class FileExperimentStore(string folder) : IExperimentStore
{
    private const string Ending = ".experiment";

    /// <inheritdoc/>
    public async Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        string path = PathOf(name);
        return File.Exists(path) ? await File.ReadAllBytesAsync(path, cancellationToken) : null;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>(
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*" + Ending).Select(static path => Path.GetFileName(path)[..^Ending.Length])] : []);

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            File.Delete(PathOf(name));
            return Task.CompletedTask;
        }
        catch (DirectoryNotFoundException)
        {
            return Task.CompletedTask;
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new IOException(denied.Message, denied);
        }
    }

    /// <inheritdoc/>
    public async Task WriteAsync(string name, byte[] record, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(folder);
            string path = PathOf(name);
            string next = path + ".next";
            await using (FileStream file = new(next, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                await file.WriteAsync(record, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(next, path, overwrite: true);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new IOException(denied.Message, denied);
        }
    }

    // Names hold letters, digits, '_', '-' and '.' only; the ending keeps "." and ".." from being folders.
    private string PathOf(string name) => Path.Combine(folder, name + Ending);
}
