using Slipway.Core;
using Slipway.Registry.Database;
using Slipway.Registry.Options;

namespace Slipway.Registry.Artifacts;

/// <summary>Names of artifacts in the database, their content in the blob store.</summary>
internal sealed class ArtifactStore(RegistryStore store, IBlobStore blobs, RegistryOptions options) : IArtifactStore
{
    private const int MaxPathBytes = 2048;
    private const int EntriesAtOnce = 256;

    public async Task<ArtifactFile> PutAsync(string path, Stream content, ChangeContext change, CancellationToken cancellationToken)
    {
        Check(path);
        BlobInfo blob = await blobs.PutAsync(content, options.MaxFileBytes, cancellationToken);
        await store.WriteAsync(WriteScope.Registry, async session =>
        {
            await CheckPlaceAsync(session, path);

            // Collection deletes in such a transaction too: what is there now stays, for the name refers to it from here on.
            if (await blobs.GetLengthAsync(blob.Digest, cancellationToken) != blob.Length)
            {
                throw new SlipwayException("the file was collected before it got its name; send it again");
            }

            await session.ExecuteAsync(
                """
                insert into artifacts (path, digest, length, stored_at, stored_by) values (@path, @digest, @Length, @now, @Actor)
                on conflict (path) do update set digest = excluded.digest, length = excluded.length, stored_at = excluded.stored_at, stored_by = excluded.stored_by
                """,
                new { path, digest = blob.Digest.ToString(), blob.Length, now = store.Now(), change.Actor });
        }, cancellationToken);
        return new ArtifactFile(path, blob.Digest, blob.Length);
    }

    public Task<ArtifactFile?> FindAsync(string path, CancellationToken cancellationToken)
    {
        Check(path);
        return store.ReadAsync(
            async session => (await session.FirstAsync<ArtifactRow>("select path, digest, length from artifacts where path = @path", new { path }))?.ToFile(""),
            cancellationToken);
    }

    public async Task<Stream> OpenReadAsync(string path, CancellationToken cancellationToken) =>
        await blobs.OpenReadAsync((await FindAsync(path, cancellationToken) ?? throw Missing(path)).Digest, cancellationToken);

    public Task<IReadOnlyList<ArtifactEntry>> ListAsync(string folder, CancellationToken cancellationToken)
    {
        string prefix = Prefix(folder);
        return store.ReadAsync<IReadOnlyList<ArtifactEntry>>(async session =>
        {
            List<ArtifactEntry> entries = [];
            string after = prefix;
            while (true)
            {
                List<ArtifactRow> rows = await session.QueryAsync<ArtifactRow>(
                    $"select path, digest, length from artifacts where path >= @after and {Below(prefix)} order by path limit {EntriesAtOnce}", new { after, prefix, end = End(prefix) });
                if (rows.Count == 0)
                {
                    // The index has "a-b" before "a/…".
                    entries.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
                    return entries;
                }

                after = Add(entries, rows, prefix);
            }
        }, cancellationToken);
    }

    public Task<IReadOnlyList<ArtifactFile>> ListFilesAsync(string folder, CancellationToken cancellationToken)
    {
        string prefix = Prefix(folder);
        return store.ReadAsync<IReadOnlyList<ArtifactFile>>(
            async session => [.. (await session.QueryAsync<ArtifactRow>(
                $"select path, digest, length from artifacts where {Below(prefix)} order by path", new { prefix, end = End(prefix) })).Select(row => row.ToFile(prefix))],
            cancellationToken);
    }

    public Task<bool> DeleteAsync(string path, ChangeContext change, CancellationToken cancellationToken)
    {
        Check(path);
        string prefix = path + "/";
        return store.WriteAsync(
            WriteScope.Registry,
            async session => await session.ExecuteAsync(
                $"delete from artifacts where path = @path or ({Below(prefix)})", new { path, prefix, end = End(prefix) }) > 0,
            cancellationToken);
    }

    /// <summary>Adds the entries of a portion of rows in order of their names; returns where the next one begins.</summary>
    private static string Add(List<ArtifactEntry> entries, List<ArtifactRow> rows, string prefix)
    {
        foreach (ArtifactRow row in rows)
        {
            int slash = row.Path.IndexOf('/', prefix.Length);
            if (slash < 0)
            {
                entries.Add(new ArtifactEntry(row.Path[prefix.Length..], row.ToFile("")));
                continue;
            }

            string name = row.Path[prefix.Length..slash];
            if (entries.Count == 0 || entries[^1].Name != name)
            {
                entries.Add(new ArtifactEntry(name, null));
            }
        }

        // The rest of a folder that fills the portion is of no interest.
        string last = rows[^1].Path;
        int end = last.IndexOf('/', prefix.Length);
        return end < 0 ? last + "\u0001" : End(last[..(end + 1)]);
    }

    /// <summary>A name can't be a file and a folder at once.</summary>
    private static async Task CheckPlaceAsync(RegistrySession session, string path)
    {
        List<string> folders = [];
        for (int slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            folders.Add(path[..slash]);
        }

        if (folders.Count > 0
            && await session.FirstAsync<string>("select path from artifacts where path in @folders limit 1", new { folders }) is { } file)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"'{path}' can't be stored: '{file}' is a file, not a folder");
        }

        string prefix = path + "/";
        if (await session.FirstAsync<string>($"select path from artifacts where {Below(prefix)} limit 1", new { prefix, end = End(prefix) }) is not null)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"'{path}' can't be stored: it is a folder");
        }
    }

    private static void Check(string path)
    {
        StoredText.Value(ArtifactPath.Check(path), "the path");
        if (System.Text.Encoding.UTF8.GetByteCount(path) > MaxPathBytes)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"Invalid path: at most {MaxPathBytes} bytes in UTF-8 were expected");
        }
    }

    private static string Prefix(string folder)
    {
        if (folder.Length == 0)
        {
            return "";
        }

        Check(folder);
        return folder + "/";
    }

    /// <summary>A range of the index rather than a pattern: names have characters that patterns would read.</summary>
    private static string Below(string prefix) => prefix.Length == 0 ? "1 = 1" : "path > @prefix and path < @end";

    /// <summary>The first name behind all that begin with <paramref name="prefix"/>, which ends with a slash: the character after it is a zero.</summary>
    private static string End(string prefix) => prefix.Length == 0 ? "" : prefix[..^1] + "0";

    private static SlipwayException Missing(string path) => new(ErrorCode.NotFound, $"there is no file '{path}'");
}
