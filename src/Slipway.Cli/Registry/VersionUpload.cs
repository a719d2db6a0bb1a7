using Slipway.Cli.Terminal;
using Slipway.Client.Registry;

namespace Slipway.Cli.Registry;

/// <summary>Brings files of this machine into a registry.</summary>
internal static class VersionUpload
{
    /// <summary>Uploads the files and says what they are by content.</summary>
    public static async Task<IReadOnlyList<RegistryFile>> SendAsync(IRegistryApi api, IReadOnlyList<LocalFile> files, CliTerminal terminal, CancellationToken cancellationToken)
    {
        List<RegistryFile> sent = [];
        await TransferProgress.ShowAsync(terminal, files.Count == 1 ? files[0].Name : $"{files.Count} files", files.Sum(static file => file.Length), async count =>
        {
            foreach (LocalFile file in files)
            {
                await using CountingStream content = new(new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous), count);
                UploadedBlob blob = await api.UploadAsync(content, cancellationToken);
                sent.Add(new RegistryFile(file.Name, blob.Digest, blob.Length));
            }
        });
        return sent;
    }
}
