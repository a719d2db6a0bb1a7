using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Registry;
using Slipway.Registry.Options;

namespace Slipway.Bench.Stores;

/// <summary>A store with a million versions and 100,000 runs, filled by the database itself: through the registry it would take an hour.</summary>
internal static class LargeStore
{
    public const int Models = 1_000;
    public const int Versions = 1_000_000;
    public const int Runs = 100_000;

    /// <summary>Opens the store, and fills it when it is empty; the caller disposes it.</summary>
    public static async Task<ServiceProvider> OpenAsync(string folder)
    {
        RegistryOptions options = new() { DataFolder = folder };
        ServiceProvider services = new ServiceCollection().AddLogging().AddSlipwayRegistry(options).BuildServiceProvider();

        // Any use brings the schema.
        if ((await services.GetRequiredService<IModelRegistry>().SearchModelsAsync(SearchQuery.All with { MaxResults = 1 }, CancellationToken.None)).Items.Count > 0)
        {
            return services;
        }

        await using SqliteConnection connection = new($"Data Source={options.DatabaseFile}");
        await connection.OpenAsync();
        await using SqliteTransaction transaction = connection.BeginTransaction();
        foreach (string statement in Statements)
        {
            await using SqliteCommand command = connection.CreateCommand();
            command.CommandText = statement;
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
        return services;
    }

    // Numbers are scattered by multiplication with primes, so that neighbours in one index are none in another.
    private static readonly string[] Statements =
    [
        $"""
        with recursive n (i) as (select 0 union all select i + 1 from n where i < {Models - 1})
        insert into models (id, name, description, next_version, created_at, updated_at, created_by)
        select i + 1, printf('model-%05d', (i * 7919) % {Models}), null, {Versions / Models + 1}, 1700000000000 + i, 1700000000000 + (i * 104729) % 1000000007, 'ana' from n
        """,
        $"""
        with recursive n (i) as (select 0 union all select i + 1 from n where i < {Versions - 1})
        insert into versions (model_id, model, number, status, stage, source, run_id, created_at, updated_at, created_by)
        select i % {Models} + 1, printf('model-%05d', ((i % {Models}) * 7919) % {Models}), i / {Models} + 1, 1, case when i % 100 = 0 then 'Production' else 'None' end,
            'runs:/' || i || '/model', printf('%032x', (i * 15485863) % {Runs}), 1700000000000 + i, 1700000000000 + (i * 104729) % 1000000007, 'ana' from n
        """,
        $"""
        insert into version_tags (version_id, key, value, model, number) select id, 'team', 'team-' || (id % 50), model, number from versions
        """,
        $"""
        insert into version_tags (version_id, key, value, model, number) select id, 'ticket', 'T-' || (id / 20), model, number from versions where id % 20 = 0
        """,
        "insert into aliases (model_id, alias, number) select id, 'champion', next_version - 1 from models",
        $"""
        with recursive n (i) as (select 0 union all select i + 1 from n where i < {Runs - 1})
        insert into runs (id, experiment_id, name, user_id, status, start_time, started_order, end_time, artifact_uri, is_deleted)
        select printf('%032x', i), 0, 'run-' || i, 'user-' || (i % 20), 3, 1700000000000 + (i * 104729) % 100000007, 1700000000000 + (i * 104729) % 100000007, 1800000000000,
            'mlflow-artifacts:/0/' || i || '/artifacts', 0 from n
        """,
        .. ((string[])["accuracy", "loss", "auc"]).Select(static (key, index) =>
            $"""
            insert into latest_metrics (run, key, step, occurred_at, is_nan, value)
            select number, '{key}', 10, 1700000000000, 0, ((number * {15485863 + 2 * index}) % 1000003) / 1000003.0 from runs
            """),
        .. ((string[])["lr", "depth", "seed"]).Select(static (key, index) =>
            $"insert into run_parameters (run, key, value) select number, '{key}', (number * {104729 + 2 * index}) % {(index == 2 ? Runs : 10)} from runs"),
        "insert into run_tags (run, key, value) select number, 'mlflow.user', 'user-' || (number % 20) from runs",
    ];
}
