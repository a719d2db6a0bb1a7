using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Slipway.Core;
using Slipway.Registry.Worker;
using Slipway.TestKit;
using Slipway.TestKit.Histories;
using Slipway.TestKit.Servers;

namespace Slipway.Registry.PostgreSql.Tests.Processes;

/// <summary>Moves of aliases by several processes at once are linearizable, whatever is killed meanwhile.</summary>
public sealed class AliasHistoryTests : IDisposable
{
    private const int Versions = 60;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly List<WorkerProcess> _workers = [];

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Aliases_on_PostgreSQL_are_linearizable_while_connections_processes_and_the_server_are_killed()
    {
        Assert.SkipUnless(PostgresServer.IsThere, PostgresServer.Missing);
        await using PostgresServer server = await PostgresServer.StartAsync();
        using TemporaryFolder folder = new();
        StoreSettings store = new(folder.Root, await server.CreateDatabaseAsync());
        await PrepareAsync(store);

        Start(store, processes: 4, clients: 2, operations: 150);
        WorkerProcess victim = StartVictim(store);
        await SaidAsync(200);
        for (int kill = 0; kill < 3; kill++)
        {
            await KillConnectionsAsync(store.Database!);
            await SaidAsync(100);
        }

        victim.Kill();
        await SaidAsync(100);
        await server.RestartAsync(immediate: true);

        await CheckAsync(leastAnswered: 600);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Aliases_on_the_embedded_store_are_linearizable_between_processes_of_which_one_is_killed()
    {
        using TemporaryFolder folder = new();
        StoreSettings store = new(folder.Root);
        await PrepareAsync(store);

        Start(store, processes: 3, clients: 3, operations: 80);
        WorkerProcess victim = StartVictim(store);
        await SaidAsync(400);
        victim.Kill();

        await CheckAsync(leastAnswered: 500);
    }

    public void Dispose() => _workers.ForEach(static worker => worker.Dispose());

    private static async Task PrepareAsync(StoreSettings store)
    {
        await using ServiceProvider services = store.Open();
        IModelRegistry registry = services.GetRequiredService<IModelRegistry>();
        for (int number = 0; number < Versions; number++)
        {
            await registry.CreateVersionAsync(
                new NewModelVersion { Model = AliasClients.Model, Source = "nowhere", CreateModel = true }, new ChangeContext("test"), default);
        }
    }

    private void Start(StoreSettings store, int processes, int clients, int operations)
    {
        for (int process = 0; process < processes; process++)
        {
            _workers.Add(WorkerProcess.Start(store, null, "aliases", $"p{process}", $"{clients}", $"{operations}", $"{process * 1000}"));
        }
    }

    // It would go on for long; it is killed.
    private WorkerProcess StartVictim(StoreSettings store)
    {
        WorkerProcess victim = WorkerProcess.Start(store, null, "aliases", "victim", "2", "100000", "99");
        _workers.Add(victim);
        return victim;
    }

    // As many more lines: a wait that follows what happens rather than a clock.
    private async Task SaidAsync(int more)
    {
        using CancellationTokenSource limit = new(Limit);
        int goal = _workers.Sum(static worker => worker.Lines.Count) + more;
        while (_workers.Sum(static worker => worker.Lines.Count) < goal && !_workers.All(static worker => worker.HasEnded))
        {
            await Task.Delay(10, limit.Token);
        }
    }

    private static async Task KillConnectionsAsync(string database)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(PostgreSqlConnectionString.Parse(database).Connection);
        await using NpgsqlCommand command = source.CreateCommand("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
        await command.ExecuteNonQueryAsync();
    }

    private async Task CheckAsync(int leastAnswered)
    {
        foreach (WorkerProcess worker in _workers)
        {
            int status = await worker.WaitAsync();
            Assert.True(status is 0 or 137, string.Join("\n", worker.Lines.Where(static line => !line.StartsWith("begin", StringComparison.Ordinal) && !line.StartsWith("end", StringComparison.Ordinal))));
        }

        AliasOperation[] history = [.. _workers.SelectMany(static worker => HistoryLine.Read(worker.Lines))];
        TestContext.Current.TestOutputHelper?.WriteLine($"{history.Length} operations, {history.Count(static operation => operation.Ended is null)} without an answer");
        Assert.True(history.Count(static operation => operation.Ended is not null) >= leastAnswered, $"only {history.Length} operations: the test shows too little");
        Assert.Contains(history, static operation => operation.Refused);
        if (Linearizability.FindViolation(history) is var (alias, wrong))
        {
            Assert.Fail($"'{alias}' is not linearizable:\n{string.Join("\n", wrong)}");
        }
    }
}
