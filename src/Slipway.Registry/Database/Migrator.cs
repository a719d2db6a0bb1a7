using Slipway.Core;

namespace Slipway.Registry.Database;

/// <summary>Moves the schema forward to what this program knows, all steps in one transaction. A schema that is newer is refused: there is no way back.</summary>
internal static class Migrator
{
    private const string Table = "slipway_schema";

    /// <summary>Number of the newest schema that this program knows.</summary>
    public static int Newest => Migrations.All[^1].Number;

    /// <summary>Applies what is missing; does nothing on a schema that is up to date.</summary>
    /// <param name="database">Where.</param>
    /// <param name="now">Time to record, in milliseconds since 1970.</param>
    /// <param name="cancellationToken">Cancels before the commit.</param>
    public static async Task MigrateAsync(IRegistryDatabase database, long now, CancellationToken cancellationToken)
    {
        await using (RegistryTransaction reading = await database.BeginReadAsync(cancellationToken))
        {
            if (await VersionAsync(new RegistrySession(reading, database.Dialect, cancellationToken)) == Newest)
            {
                return;
            }
        }

        await using RegistryTransaction transaction = await database.BeginMigrationAsync(cancellationToken);
        RegistrySession session = new(transaction, database.Dialect, cancellationToken);
        int present = await VersionAsync(session);
        if (present > Newest)
        {
            throw new SlipwayException(
                ErrorCode.FailedPrecondition,
                $"the store has schema {present}, this program knows up to {Newest}: it was opened by a newer Slipway; use that one, or restore a backup made before");
        }

        if (present == 0)
        {
            await session.ExecuteAsync($"create table {Table} (number bigint not null primary key, name text not null, applied_at bigint not null)");
        }

        foreach (Migration migration in Migrations.All.Where(migration => migration.Number > present))
        {
            foreach (string statement in migration.For(database.Dialect, now))
            {
                await session.ExecuteAsync(statement);
            }

            await session.ExecuteAsync(
                $"insert into {Table} (number, name, applied_at) values (@Number, @Name, @now)", new { migration.Number, migration.Name, now });
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<int> VersionAsync(RegistrySession session) =>
        await session.ExactNumberAsync(session.Dialect.TableExists, new { name = Table }) == 0
            ? 0
            : (int)(await session.NumberAsync($"select max(number) from {Table}") ?? 0);
}
