using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Core;
using Slipway.Registry.Blobs;
using Slipway.Registry.Database;
using Slipway.Registry.Options;
using Slipway.Registry.Sqlite;

namespace Slipway.Registry.Maintenance;

/// <summary>
/// Backup of the data to a folder and back. A backup is one moment of the database and every blob that it refers to. It may go into the folder of an earlier one: blobs that are there
/// are not copied again, and until the last step the earlier one stays whole. May run beside a server.
/// </summary>
public sealed class DataBackup
{
    private const string DatabaseName = "slipway.db";
    private const string DescriptionName = "backup.json";

    /// <summary>Folder of a backup that holds its blobs, as the store keeps them.</summary>
    public const string BlobFolder = "blobs";

    private readonly RegistryStore _store;
    private readonly IBlobStore _blobs;
    private readonly TimeProvider _clock;

    internal DataBackup(RegistryStore store, IBlobStore blobs, TimeProvider clock)
    {
        _store = store;
        _blobs = blobs;
        _clock = clock;
    }

    /// <summary>Backs up to a folder, which is made when it is not there.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="copy">Brings blobs from the store into the folder; null: their content is copied to the folder <c>blobs</c> in it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> when the database has a backup of its own; whatever is wrong with a blob.</exception>
    public async Task<BackupReport> BackUpAsync(string folder, BlobCopy? copy, CancellationToken cancellationToken)
    {
        copy ??= BlobCopies.Of(_blobs, () => new FolderBlobStore(Path.Combine(folder, BlobFolder)));
        await _store.PrepareAsync(cancellationToken);
        FolderFiles.CreatePrivateFolder(folder);
        string partial = Path.Combine(folder, $"{DatabaseName}.{Guid.NewGuid():N}");
        try
        {
            // 1. One moment of the database, beside the earlier one.
            await _store.Database.CopyToFileAsync(partial, cancellationToken);

            // 2. The blobs that it refers to.
            BackupReport report = new(_clock.GetUtcNow(), 0, 0, 0);
            foreach (BlobReference reference in await ReferencesAsync(partial, cancellationToken))
            {
                bool isNew = await copy(Sha256Digest.Parse(reference.Digest), reference.Length, cancellationToken);
                report = report with { Blobs = report.Blobs + 1, Bytes = report.Bytes + reference.Length, Copied = report.Copied + (isNew ? 1 : 0) };
            }

            // 3. From here on it is this backup.
            BlobFiles.Do(() => File.Move(partial, Path.Combine(folder, DatabaseName), overwrite: true));
            await DescribeAsync(folder, report, cancellationToken);
            return report;
        }
        finally
        {
            BlobFiles.Do(() => File.Delete(partial));
        }
    }

    /// <summary>Puts a backup in the place of an embedded store's data.</summary>
    /// <param name="folder">The backup.</param>
    /// <param name="dataFolder">Where to; must hold no store. Killed on the way it still holds none, and the same call goes on.</param>
    /// <param name="copy">Brings blobs from the backup into the data folder; null: as <see cref="BackUpAsync"/>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.FailedPrecondition"/> when there is a store or no whole backup; whatever is wrong with the backup.</exception>
    public static async Task<BackupReport> RestoreAsync(string folder, string dataFolder, BlobCopy? copy, CancellationToken cancellationToken)
    {
        RegistryOptions options = new() { DataFolder = dataFolder };
        BackupReport report = await ReadDescriptionAsync(folder, cancellationToken);
        if (File.Exists(options.DatabaseFile))
        {
            throw new SlipwayException(ErrorCode.FailedPrecondition, "the data folder holds a store already: restore into an empty one, or move the store away first");
        }

        FolderFiles.CreatePrivateFolder(dataFolder);
        string database = Path.Combine(folder, DatabaseName);
        string partial = options.DatabaseFile + ".restoring";
        copy ??= BlobCopies.Of(new FolderBlobStore(Path.Combine(folder, BlobFolder)), () => new FolderBlobStore(options.BlobFolder));
        foreach (BlobReference reference in await ReferencesAsync(database, cancellationToken))
        {
            await copy(Sha256Digest.Parse(reference.Digest), reference.Length, cancellationToken);
        }

        BlobFiles.Do(() =>
        {
            File.Copy(database, partial, overwrite: true);
            FolderFiles.SyncFile(partial);
            File.Move(partial, options.DatabaseFile);
            FolderFiles.Sync(dataFolder);
        });
        return report;
    }

    private static async Task<List<BlobReference>> ReferencesAsync(string file, CancellationToken cancellationToken)
    {
        // Not through a store, which would bring the schema up to date.
        await using SqliteDatabase database = new(file, TimeProvider.System, isReadOnly: true);
        try
        {
            IReadOnlyList<string> faults = await database.CheckAsync(cancellationToken);
            if (faults.Count > 0)
            {
                throw new SlipwayException($"the copy of the database is damaged: {faults[0]}");
            }

            await using RegistryTransaction transaction = await database.BeginReadAsync(cancellationToken);
            return await BlobReferences.AllAsync(new RegistrySession(transaction, database.Dialect, cancellationToken));
        }
        catch (DbException exception)
        {
            throw database.Translate(exception);
        }
    }

    private static async Task DescribeAsync(string folder, BackupReport report, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, DescriptionName);
        string partial = $"{path}.{Guid.NewGuid():N}";
        await File.WriteAllBytesAsync(partial, JsonSerializer.SerializeToUtf8Bytes(report, BackupJson.Default.BackupReport), cancellationToken);
        BlobFiles.Do(() =>
        {
            FolderFiles.SyncFile(partial);
            File.Move(partial, path, overwrite: true);
            FolderFiles.Sync(folder);
        });
    }

    private static async Task<BackupReport> ReadDescriptionAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            if (JsonSerializer.Deserialize(await File.ReadAllBytesAsync(Path.Combine(folder, DescriptionName), cancellationToken), BackupJson.Default.BackupReport) is { } report
                && File.Exists(Path.Combine(folder, DatabaseName)))
            {
                return report;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            // Told below.
        }

        throw new SlipwayException(ErrorCode.FailedPrecondition, $"the folder holds no whole backup: {DatabaseName} and {DescriptionName}, which is written last, were expected");
    }
}

/// <summary>What a backup holds.</summary>
/// <param name="Time">When it was made.</param>
/// <param name="Blobs">Blobs that its database refers to.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="Copied">Blobs that were copied now, since an earlier backup in the same folder had not got them.</param>
public sealed record BackupReport(DateTimeOffset Time, long Blobs, long Bytes, long Copied);

/// <summary>JSON of a backup's description.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BackupReport))]
internal sealed partial class BackupJson : JsonSerializerContext;
