using System.Security.Cryptography;
using Slipway.Core;
using Slipway.Registry.Database;
using Slipway.Registry.Models;

namespace Slipway.Registry.Maintenance;

/// <summary>
/// Checks that the data is whole: the database in itself, every reference to something that is there, every blob what its digest says, and the present what the events tell. Reads only;
/// may run beside a server.
/// </summary>
public sealed class DataCheck
{
    private const int BufferBytes = 1 << 18;

    private readonly RegistryStore _store;
    private readonly IBlobStore _blobs;
    private readonly ManifestTable _manifests;

    internal DataCheck(RegistryStore store, IBlobStore blobs, ManifestTable manifests)
    {
        _store = store;
        _blobs = blobs;
        _manifests = manifests;
    }

    /// <summary>Checks everything.</summary>
    /// <param name="readContent">Also reads every blob and holds it against its digest.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<DataReport> RunAsync(bool readContent, CancellationToken cancellationToken)
    {
        List<DataProblem> problems = [.. (await _store.Database.CheckAsync(cancellationToken)).Select(static message => new DataProblem("database", "", message))];

        // One moment of the tables. Blobs are looked at afterwards: those that were referred to then were there then, and collection spares them unless the reference went in between.
        (long[] counts, List<BlobReference> references) = await _store.ReadAsync(async session =>
        {
            await CheckTablesAsync(session, problems);
            await CheckManifestsAsync(session, problems);
            await CheckHistoryAsync(session, problems);
            List<long> counts = [];
            foreach (string table in (string[])["models", "versions", "artifacts", "runs", "events"])
            {
                counts.Add(await session.ExactNumberAsync($"select count(*) from {table}"));
            }

            return (counts.ToArray(), await BlobReferences.AllAsync(session));
        }, cancellationToken);

        Dictionary<string, long> referred = references.ToDictionary(static reference => reference.Digest, static reference => reference.Length, StringComparer.Ordinal);
        (long blobs, long bytes, long orphans, long orphanBytes) = await CheckBlobsAsync(referred, readContent, problems, cancellationToken);
        return new DataReport(counts[0], counts[1], counts[2], counts[3], counts[4], blobs, bytes, orphans, orphanBytes, problems);
    }

    private static async Task CheckTablesAsync(RegistrySession session, List<DataProblem> problems)
    {
        foreach ((string kind, string message, string sql) in Rules)
        {
            problems.AddRange((await session.QueryAsync<string>(sql)).Select(subject => new DataProblem(kind, subject, message)));
        }
    }

    private static readonly (string Kind, string Message, string Sql)[] Rules =
    [
        ("alias", "points at a version that is not there",
            """
            select m.name || '@' || a.alias from aliases a join models m on m.id = a.model_id
            where not exists (select 1 from versions v where v.model_id = a.model_id and v.number = a.number)
            """),
        ("version", "bears another name than its model",
            "select v.model || ':' || v.number from versions v join models m on m.id = v.model_id where v.model <> m.name"),
        ("version", "has a tag that bears another name or number",
            "select distinct v.model || ':' || v.number from version_tags k join versions v on v.id = k.version_id where k.model <> v.model or k.number <> v.number"),
        ("version", "has a number that is going to be given again",
            "select v.model || ':' || v.number from versions v join models m on m.id = v.model_id where v.number >= m.next_version"),
        ("version", "has no event of its creation",
            """
            select v.model || ':' || v.number from versions v
            where not exists (select 1 from events e where e.model_id = v.model_id and e.version = v.number and e.kind = 'version.created')
            """),
    ];

    private async Task CheckManifestsAsync(RegistrySession session, List<DataProblem> problems)
    {
        foreach (string digest in await session.QueryAsync<string>("select distinct manifest from versions where manifest is not null"))
        {
            try
            {
                await _manifests.LoadAsync(session, [digest]);
            }
            catch (SlipwayException exception)
            {
                problems.Add(new DataProblem("manifest", digest, exception.Message));
            }
        }
    }

    /// <summary>Replays each model's events and compares aliases and versions with the tables.</summary>
    private static async Task CheckHistoryAsync(RegistrySession session, List<DataProblem> problems)
    {
        foreach (ModelRow model in await session.QueryAsync<ModelRow>($"select {ModelRow.Columns} from models m"))
        {
            ModelPast past = await HistoryQueries.ReplayAsync(session, model.Id, long.MaxValue);
            string[] told = [.. past.Aliases.Select(static alias => FormattableString.Invariant($"{alias.Alias}={alias.Version}"))];
            string[] present = [.. (await session.QueryAsync<AliasRow>(
                "select model_id as ModelId, alias, number from aliases where model_id = @Id order by alias", new { model.Id }))
                .Select(static alias => FormattableString.Invariant($"{alias.Alias}={alias.Number}"))];
            if (!told.Order(StringComparer.Ordinal).SequenceEqual(present.Order(StringComparer.Ordinal)))
            {
                problems.Add(new DataProblem("history", model.Name, "the events tell other aliases than there are"));
            }

            List<long> numbers = await session.QueryAsync<long>("select number from versions where model_id = @Id order by number", new { model.Id });
            if (past.Name != model.Name || !past.Numbers.SequenceEqual(numbers))
            {
                problems.Add(new DataProblem("history", model.Name, "the events tell another name or other versions than there are"));
            }
        }
    }

    private async Task<(long Blobs, long Bytes, long Orphans, long OrphanBytes)> CheckBlobsAsync(
        Dictionary<string, long> referred, bool readContent, List<DataProblem> problems, CancellationToken cancellationToken)
    {
        (long blobs, long bytes, long orphans, long orphanBytes) = (0, 0, 0, 0);
        HashSet<string> missing = [.. referred.Keys];
        await foreach (BlobInfo blob in _blobs.ListAsync(cancellationToken))
        {
            string digest = blob.Digest.ToString();
            blobs++;
            bytes += blob.Length;
            missing.Remove(digest);
            if (!referred.TryGetValue(digest, out long length))
            {
                orphans++;
                orphanBytes += blob.Length;
            }
            else if (length != blob.Length)
            {
                problems.Add(new DataProblem("blob-damaged", digest, FormattableString.Invariant($"has {blob.Length} bytes, not {length}")));
                continue;
            }

            if (readContent && !await IsSoundAsync(blob.Digest, cancellationToken))
            {
                problems.Add(new DataProblem("blob-damaged", digest, "its bytes do not fit its digest"));
            }
        }

        foreach (string digest in missing.Order(StringComparer.Ordinal))
        {
            string referrer = await _store.ReadAsync(session => BlobReferences.ReferrerAsync(session, digest), cancellationToken);
            problems.Add(new DataProblem("blob-missing", digest, $"is not stored, but {referrer} refers to it"));
        }

        return (blobs, bytes, orphans, orphanBytes);
    }

    /// <summary>Reads a blob from its beginning to its end, whatever the store itself verifies.</summary>
    private async Task<bool> IsSoundAsync(Sha256Digest digest, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BufferBytes];
        try
        {
            await using Stream stream = await _blobs.OpenReadAsync(digest, cancellationToken);
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            int count;
            while ((count = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            {
                hash.AppendData(buffer.AsSpan(0, count));
            }

            return Sha256Digest.FromHash(hash.GetHashAndReset()) == digest;
        }
        catch (SlipwayException)
        {
            return false;
        }
    }
}
