using System.CommandLine;
using System.Security.Cryptography;
using Slipway.Cli.Commands;
using Slipway.Cli.Terminal;
using Slipway.Client.Registry;
using Slipway.Core;

namespace Slipway.Cli.Registry;

/// <summary><c>slipway model download</c>: writes the files of a version into a folder, each checked against its digest.</summary>
internal static class DownloadCommand
{
    private const int BlockSize = 1 << 17;

    public static Command Create(CliTerminal terminal)
    {
        Argument<string> model = new("MODEL") { Description = "NAME:VERSION or NAME@ALIAS; NAME for the newest version." };
        Option<string?> output = new("--output", "-o") { Description = "Folder to write into (default NAME-VERSION).", HelpName = "DIR" };
        Option<bool> force = new("--force") { Description = "Replace files that are there." };
        Command command = new("download", "Write the files of a version into a folder.") { model, output, force };
        return RegistryOptions.On(terminal, command, async session =>
        {
            ModelReference reference = ModelReference.Parse(session.Parsed.GetValue(model)!);
            RegistryVersion version = await FindAsync(session, reference);
            if (version.Files.Count == 0)
            {
                throw new CliException(ExitCode.Failed, $"{version.Model}:{version.Number} only refers to files that are kept elsewhere: {version.Source}");
            }

            string folder = Path.GetFullPath(session.Parsed.GetValue(output) ?? $"{version.Model}-{version.Number}");
            if (!session.Parsed.GetValue(force) && version.Files.FirstOrDefault(file => File.Exists(TargetOf(folder, file))) is { } taken)
            {
                throw new CliException(ExitCode.Usage, $"'{TargetOf(folder, taken)}' is there already; --force replaces it");
            }

            await TransferProgress.ShowAsync(session.Terminal, $"{version.Model}:{version.Number}", version.Bytes, async count =>
            {
                foreach (RegistryFile file in version.Files)
                {
                    await FetchAsync(session, version, file, TargetOf(folder, file), count);
                }
            });
            await session.WriteAsync(version, RegistryJson.Indented.RegistryVersion, terminal =>
                terminal.Out.WriteLine($"{version.Model}:{version.Number}: {version.Files.Count} {(version.Files.Count == 1 ? "file" : "files")}, {RegistryText.Size(version.Bytes)} in {folder}"));
        });
    }

    private static async Task<RegistryVersion> FindAsync(RegistrySession session, ModelReference reference)
    {
        if (reference.Version is { } version)
        {
            return await session.Api.GetVersionAsync(reference.Name, version, session.Cancellation);
        }

        RegistryVersionPage newest = await session.Api.ListVersionsAsync(reference.Name, null, 1, session.Cancellation);
        return newest.Versions is [var only, ..] ? only : throw new CliException(ExitCode.Failed, $"model '{reference.Name}' has no versions");
    }

    // The server may be anybody's: a name of its is held to the rule before it becomes a path of this machine.
    private static string TargetOf(string folder, RegistryFile file) => Path.Combine([folder, .. ArtifactPath.Check(file.Path).Split('/')]);

    private static async Task FetchAsync(RegistrySession session, RegistryVersion version, RegistryFile file, string target, Action<long> count)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        string temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}");
        try
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using (Stream content = await session.Api.DownloadAsync(
                version.Model, version.Number.ToString(System.Globalization.CultureInfo.InvariantCulture), file.Path, session.Cancellation))
            await using (FileStream written = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous))
            {
                byte[] block = new byte[BlockSize];
                while (await content.ReadAsync(block, session.Cancellation) is > 0 and int read)
                {
                    hash.AppendData(block, 0, read);
                    await written.WriteAsync(block.AsMemory(0, read), session.Cancellation);
                    count(read);
                }
            }

            if (Convert.ToHexStringLower(hash.GetHashAndReset()) != file.Digest)
            {
                throw new CliException(ExitCode.Failed, $"'{file.Path}' was altered: its content does not have the digest {file.Digest}");
            }

            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
