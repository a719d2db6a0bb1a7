using System.Globalization;
using System.Net;
using Slipway.Client;
using Slipway.Client.Inference;
using Slipway.Client.Management;
using Slipway.EndToEnd.Tests.Processes;
using Slipway.TestKit;
using Slipway.TestKit.Servers;

namespace Slipway.EndToEnd.Tests;

/// <summary>The real program on PostgreSQL and object storage, which go away and come back: what was served is served, also by a server that is started meanwhile.</summary>
public sealed class StoreOutageTests : IDisposable
{
    private static readonly float[] Zeros = [0f, 0f];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Category", "Slow")]
    public async Task What_was_served_is_served_while_the_stores_are_away_and_what_is_new_once_they_are_back()
    {
        Assert.SkipUnless(PostgresServer.IsThere, PostgresServer.Missing);
        Assert.SkipUnless(S3Server.Kinds.Count > 0, S3Server.Missing);
        await using PostgresServer database = await PostgresServer.StartAsync();
        await using S3Server objects = await S3Server.StartAsync();
        await using FaultProxy toObjects = new(new IPEndPoint(IPAddress.Loopback, objects.Address.Port));
        string blobs = objects.ConnectionString(more: "&retries=0&timeout=5", address: new Uri($"http://127.0.0.1:{toObjects.Port}"));
        string config = _folder.Write("slipway.yaml", $"registry:\n  store: \"{await database.CreateDatabaseAsync()}\"\n  blobs: \"{blobs}\"\n");
        string[] serve = ["--data", _folder.PathOf("server"), "--config", config];
        await ManageAsync(config, "model", "push", Model(1), "--name", "m", "--alias", "champion");

        await using (SlipwayProcess server = await SlipwayProcess.ServeAsync(serve))
        {
            Assert.Equal(1f, await AskAsync(server));
            Assert.All(await StoresAsync(server), static store => Assert.True(store.Available));

            await database.StopServerAsync(immediate: true);
            toObjects.Cut();

            await UntilAsync(async () => (await StoresAsync(server)).Any(static store => store is { Name: "database", Available: false, Problem: not null }));
            Assert.Equal(1f, await AskAsync(server));
            Assert.Contains("slipway_registry_store_available{store=\"database\"} 0", await MetricsAsync(server), StringComparison.Ordinal);
            Assert.Contains("database is away", server.Errors, StringComparison.Ordinal);
            await server.KillAsync();
        }

        // Started with nothing but what this machine remembers.
        await using SlipwayProcess started = await SlipwayProcess.ServeAsync(serve);
        Assert.Equal(1, started.Models);
        Assert.Equal(1f, await AskAsync(started));
        Assert.Contains(await StoresAsync(started), static store => store is { Name: "database", Available: false });
        Assert.Contains("as they were last known on this machine", started.Errors, StringComparison.Ordinal);

        await database.StartServerAsync();
        toObjects.Mend();
        await ManageAsync(config, "model", "push", Model(2), "--name", "m", "--alias", "champion");

        await UntilAsync(async () => await AskAsync(started) == 2f);
        Assert.All(await StoresAsync(started), static store => Assert.True(store.Available, store.Name));
        Assert.Contains("slipway_registry_store_available{store=\"database\"} 1", await MetricsAsync(started), StringComparison.Ordinal);

        // What looks after the data works on these stores too, and takes nothing that is served.
        await ManageAsync(config, "data", "check");
        await ManageAsync(config, "data", "gc", "--grace-hours", "0");
        await ManageAsync(config, "data", "check");
    }

    // Another machine: with a data folder of its own.
    private async Task ManageAsync(string config, params string[] command)
    {
        (int code, _, string errors) = await SlipwayProcess.RunAsync([.. command, "--config", config, "--data", _folder.PathOf("elsewhere")]);
        Assert.True(code == 0, errors);
    }

    private string Model(int value) => _folder.Write(string.Create(CultureInfo.InvariantCulture, $"add{value}.onnx"), OnnxModels.Add(value));

    private static async Task<float> AskAsync(SlipwayProcess server)
    {
        using SlipwayClient client = new(server.Http);
        return (float)(await client.InferAsync(new InferCall("m", [ClientTensor.Of("x", [1, 2], Zeros)])))["y"][0];
    }

    private static async Task<IReadOnlyList<StoreDescription>> StoresAsync(SlipwayProcess server)
    {
        using ManagementClient client = new(server.Admin);
        return (await client.GetServerAsync()).Stores;
    }

    private static async Task<string> MetricsAsync(SlipwayProcess server)
    {
        using HttpClient client = new();
        return await client.GetStringAsync(new Uri(server.Admin, "/metrics"));
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using CancellationTokenSource limit = new(Patience);
        while (!await condition())
        {
            await Task.Delay(Step, limit.Token);
        }
    }
}
