namespace Slipway.Traffic.Rewards;

/// <summary>One file for each endpoint in a folder, replaced by renaming. One process writes.</summary>
/// <param name="folder">The folder; made when it is first written to.</param>
public sealed class FileDecisionStore(string folder) : IDecisionStore
{
    /// <inheritdoc/>
    public async Task<byte[]?> ReadAsync(string endpoint, CancellationToken cancellationToken)
    {
        string path = PathOf(endpoint);
        return File.Exists(path) ? await File.ReadAllBytesAsync(path, cancellationToken) : null;
    }

    /// <inheritdoc/>
    public async Task WriteAsync(string endpoint, byte[] record, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(folder);
            string path = PathOf(endpoint);
            string next = path + ".next";
            await File.WriteAllBytesAsync(next, record, cancellationToken);
            File.Move(next, path, overwrite: true);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new IOException(denied.Message, denied);
        }
    }

    // Names hold letters, digits, '_', '-' and '.' only; the ending keeps "." and ".." from being folders.
    private string PathOf(string endpoint) => Path.Combine(folder, endpoint + ".decisions");
}
