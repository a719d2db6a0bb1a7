using System.Collections.Concurrent;
using Slipway.Core;
using Slipway.Registry.Database;

namespace Slipway.Registry.Models;

/// <summary>Manifests in the database. One that was written never changes, so those of late are kept in memory. Thread-safe.</summary>
internal sealed class ManifestTable
{
    // A bound in files, since manifests have 1 to 100,000 of them; some 30 MB.
    private const int MostFilesInMemory = 100_000;

    private readonly ConcurrentDictionary<string, ModelManifest> _known = new(StringComparer.Ordinal);
    private int _files;

    /// <summary>Writes a manifest that is not there yet. Its blobs must be stored.</summary>
    public static async Task AddAsync(RegistrySession session, ModelManifest manifest)
    {
        string digest = manifest.Digest.ToString();
        if (await session.ExecuteAsync(
            "insert into manifests (digest, files, bytes) values (@digest, @Count, @TotalBytes) on conflict (digest) do nothing",
            new { digest, manifest.Files.Count, manifest.TotalBytes }) == 0)
        {
            return;
        }

        for (int position = 0; position < manifest.Files.Count; position++)
        {
            ArtifactFile file = manifest.Files[position];
            await session.ExecuteAsync(
                "insert into manifest_files (manifest, position, path, digest, length) values (@manifest, @position, @Path, @digest, @Length)",
                new { manifest = digest, position, file.Path, digest = file.Digest.ToString(), file.Length });
        }
    }

    /// <summary>Manifests by digest.</summary>
    public async Task<Dictionary<string, ModelManifest>> LoadAsync(RegistrySession session, IEnumerable<string> digests)
    {
        Dictionary<string, ModelManifest> found = new(StringComparer.Ordinal);
        List<string> missing = [];
        foreach (string digest in digests.Distinct(StringComparer.Ordinal))
        {
            if (_known.TryGetValue(digest, out ModelManifest? manifest))
            {
                found[digest] = manifest;
            }
            else
            {
                missing.Add(digest);
            }
        }

        foreach (IGrouping<string, ManifestFileRow> files in (await session.QueryForAsync<ManifestFileRow, string>(
            "select manifest, path, digest, length from manifest_files where manifest in @keys order by manifest, position", missing)).GroupBy(static row => row.Manifest))
        {
            ModelManifest manifest = new(files.Select(static file => new ArtifactFile(file.Path, Sha256Digest.Parse(file.Digest), file.Length)));
            found[files.Key] = manifest.Digest.ToString() == files.Key
                ? manifest
                : throw new SlipwayException($"the manifest {files.Key} is damaged: its files do not fit its digest");
            Keep(files.Key, manifest);
        }

        return missing.Find(digest => !found.ContainsKey(digest)) is { } lost
            ? throw new SlipwayException($"the manifest {lost} is missing from the store")
            : found;
    }

    private void Keep(string digest, ModelManifest manifest)
    {
        if (Interlocked.Add(ref _files, manifest.Files.Count) > MostFilesInMemory)
        {
            _known.Clear();
            Interlocked.Exchange(ref _files, manifest.Files.Count);
        }

        _known[digest] = manifest;
    }

    private sealed class ManifestFileRow
    {
        public string Manifest { get; set; } = "";

        public string Path { get; set; } = "";

        public string Digest { get; set; } = "";

        public long Length { get; set; }
    }
}
