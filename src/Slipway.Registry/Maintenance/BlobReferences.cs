using Slipway.Registry.Database;

namespace Slipway.Registry.Maintenance;

/// <summary>Which blobs are referred to: by the manifest of a version, or by an artifact. Counted from the tables, so that no counter can be wrong.</summary>
internal static class BlobReferences
{
    private const string ByVersion = "exists (select 1 from versions v where v.manifest = f.manifest)";

    /// <summary>A blob that something refers to, one row for each.</summary>
    public static Task<List<BlobReference>> AllAsync(RegistrySession session) => session.QueryAsync<BlobReference>(
        $"""
        select distinct f.digest, f.length from manifest_files f where {ByVersion}
        union select distinct a.digest, a.length from artifacts a
        """);

    /// <summary>Who refers to a blob, for people: a version or an artifact.</summary>
    public static async Task<string> ReferrerAsync(RegistrySession session, string digest) =>
        await session.FirstAsync<string>(
            """
            select 'version ' || v.number || ' of model ' || v.model || ', file ' || f.path from manifest_files f join versions v on v.manifest = f.manifest
            where f.digest = @digest order by v.id limit 1
            """,
            new { digest })
        ?? await session.FirstAsync<string>("select 'artifact ' || path from artifacts where digest = @digest limit 1", new { digest })
        ?? "nobody";

    /// <summary>Those of the digests that something refers to.</summary>
    public static async Task<HashSet<string>> AmongAsync(RegistrySession session, IReadOnlyList<string> digests)
    {
        HashSet<string> referred = new(StringComparer.Ordinal);
        referred.UnionWith(await session.QueryForAsync<string, string>($"select distinct f.digest from manifest_files f where f.digest in @keys and {ByVersion}", digests));
        referred.UnionWith(await session.QueryForAsync<string, string>("select distinct digest from artifacts where digest in @keys", digests));
        return referred;
    }
}

/// <summary>A blob that something refers to.</summary>
internal sealed class BlobReference
{
    public string Digest { get; set; } = "";

    public long Length { get; set; }
}
