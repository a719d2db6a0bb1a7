using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Registry.Maintenance;
using Slipway.Registry.Worker;
using Slipway.TestKit;
using Slipway.TestKit.Servers;

namespace Slipway.Registry.PostgreSql.Tests.Processes;

/// <summary>
/// A deployment (files, version, alias, deletion of the one before, collection) is killed at every step that it takes towards PostgreSQL and object storage. Whatever it had said is done,
/// is done; what it was doing is done whole or not at all; and the next one is not held up.
/// </summary>
public sealed class KillSweepTests(PostgresFixture servers)
{
    private const string Model = "deployed";

    // What a killed one had said it had done is remembered for the check after it.
    private readonly List<string> _said = [];

    [Fact]
    public async Task Killed_at_some_steps() => await SweepAsync(samples: 4);

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Killed_at_every_step() => await SweepAsync(samples: int.MaxValue);

    private async Task SweepAsync(int samples)
    {
        Assert.SkipUnless(S3Server.Kinds.Count > 0, S3Server.Missing);
        string database = await servers.CreateDatabaseAsync();
        await using S3Server objects = await S3Server.StartAsync();
        using TemporaryFolder folder = new();
        StoreSettings store = new(folder.Root, database, objects.ConnectionString(more: "&part-mib=5"));
        await DeployAsync(store, "first", null, 0);
        long steps = await DeployAsync(store, "second", null, 0);
        Assert.InRange(steps, 20, 1000);
        TestContext.Current.TestOutputHelper?.WriteLine($"{steps} steps");

        // One that comes after a killed one may take a step more or less than another: it also finds what that one left. The last steps may then not come.
        long stride = Math.Max(1, steps / samples);
        int killed = 0;
        for (long step = 1; step <= steps; step += stride)
        {
            string content = $"killed at {step}";
            killed += await DeployAsync(store, content, step, 137) == 0 ? 1 : 0;
            await CheckAsync(store, content);
        }

        Assert.InRange(killed, Math.Min(samples, steps) * 3 / 4, long.MaxValue);

        // The last word: one that is left alone goes through, and leaves nothing but what it refers to.
        await DeployAsync(store, "last", null, 0);
        await using ServiceProvider services = store.Open();
        List<BlobInfo> left = await services.GetRequiredService<IBlobStore>().ListAsync(default).ToListAsync();
        ModelVersion live = (await services.GetRequiredService<IModelRegistry>().FindVersionByAliasAsync(Model, "champion", default))!;
        Assert.Subset(left.Select(static blob => blob.Digest).ToHashSet(), live.Manifest!.Files.Select(static file => file.Digest).ToHashSet());
    }

    /// <summary>Runs one; gives its steps, 0 when it was killed.</summary>
    private async Task<long> DeployAsync(StoreSettings store, string content, long? diesAt, int expected)
    {
        using WorkerProcess worker = WorkerProcess.Start(store, diesAt, "publish", Model, content);
        int status = await worker.WaitAsync();
        _said.Clear();
        _said.AddRange(worker.Lines);
        Assert.True(status == expected || (diesAt is not null && status == 0), $"status {status}:\n{string.Join("\n", worker.Lines)}");
        return worker.Lines.LastOrDefault(static line => line.StartsWith("steps ", StringComparison.Ordinal)) is { } steps ? long.Parse(steps[6..], CultureInfo.InvariantCulture) : 0;
    }

    private async Task CheckAsync(StoreSettings store, string content)
    {
        await using ServiceProvider services = store.Open();
        IModelRegistry registry = services.GetRequiredService<IModelRegistry>();
        RegisteredModel model = (await registry.FindModelAsync(Model, default))!;
        IReadOnlyList<ModelVersion> versions = (await registry.SearchVersionsAsync(SearchQuery.All, default)).Items;

        // Said is done.
        foreach ((string what, long number) in Said())
        {
            switch (what)
            {
                case "published":
                    Assert.Contains(versions, version => version.Number == number && version.Description == content);
                    break;
                case "moved":
                    Assert.Equal(number, model.Aliases["champion"]);
                    break;
                case "deleted":
                    Assert.DoesNotContain(versions, version => version.Number == number);
                    break;
                default:
                    break;
            }
        }

        // Whole or not at all: the alias points at a version, every version has all its files, with their content, and the past agrees with the present.
        Assert.Contains(versions, version => version.Number == model.Aliases["champion"]);
        foreach (ModelVersion version in versions)
        {
            await CheckFilesAsync(services.GetRequiredService<IBlobStore>(), version);
        }

        ModelHistory now = (await registry.GetHistoryAsync(Model, DateTimeOffset.MaxValue, default))!;
        Assert.Equal(versions.Select(static version => version.Number).Order(), now.Versions.Select(static version => version.Number).Order());
        Assert.Equal(model.Aliases["champion"], Assert.Single(now.Aliases).Version);
        Assert.Empty((await services.GetRequiredService<DataCheck>().RunAsync(readContent: false, default)).Problems);
    }

    private IEnumerable<(string What, long Number)> Said() => _said
        .Select(static line => line.Split(' '))
        .Where(static words => words is ["published" or "moved" or "deleted", _])
        .Select(static words => (words[0], long.Parse(words[1], CultureInfo.InvariantCulture)));

    private static async Task CheckFilesAsync(IBlobStore blobs, ModelVersion version)
    {
        Assert.Equal(VersionStatus.Ready, version.Status);
        foreach ((string path, byte[] expected) in Publishing.FilesOf(version.Description!))
        {
            ArtifactFile file = Assert.Single(version.Manifest!.Files, file => file.Path == path);
            Assert.Equal(Sha256Digest.Of(expected), file.Digest);
            await using Stream stream = await blobs.OpenReadAsync(file.Digest, default);
            Assert.Equal(file.Digest, Sha256Digest.FromHash(await System.Security.Cryptography.SHA256.HashDataAsync(stream)));
        }
    }
}
