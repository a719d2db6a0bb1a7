using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Registry;
using Slipway.Registry.CrashHost;
using Slipway.Registry.Database;
using Slipway.Registry.Maintenance;
using Slipway.Registry.Options;

// Does one thing to a store and kills itself on the way: Registry.CrashHost FOLDER push|alias|gc STEP. Step 0: not at all; prints the number of steps.
string folder = args[0], action = args[1];
RegistryOptions options = new() { DataFolder = folder, CollectionGrace = TimeSpan.FromHours(-1) };
await using ServiceProvider plain = new ServiceCollection().AddLogging().AddSlipwayRegistry(options).BuildServiceProvider();
CrashPoint crash = new(long.Parse(args[2]));
await using ServiceProvider services = new ServiceCollection().AddLogging()
    .AddSingleton<IRegistryDatabase>(new CrashingDatabase(plain.GetRequiredService<IRegistryDatabase>(), crash))
    .AddSingleton<IBlobStore>(new CrashingBlobs(plain.GetRequiredService<IBlobStore>(), crash))
    .AddSlipwayRegistry(options)
    .BuildServiceProvider();
IModelRegistry registry = services.GetRequiredService<IModelRegistry>();
ChangeContext change = new("crash");
switch (action)
{
    case "push":
        List<ArtifactFile> files = [];
        foreach (byte content in (byte[])[2, 3])
        {
            byte[] bytes = new byte[3_000_000];
            Array.Fill(bytes, content);
            BlobInfo blob = await services.GetRequiredService<IBlobStore>().PutAsync(new CrashingContent(bytes, crash), long.MaxValue, CancellationToken.None);
            files.Add(new ArtifactFile($"file{content}", blob.Digest, blob.Length));
        }

        await registry.CreateVersionAsync(
            new NewModelVersion { Model = "fraud", Manifest = new ModelManifest(files), Tags = new Dictionary<string, string> { ["a"] = "b" } }, change, CancellationToken.None);
        break;
    case "alias":
        await registry.SetAliasAsync("fraud", "champion", 2, AliasExpectation.At(1), change, CancellationToken.None);
        break;
    case "gc":
        await services.GetRequiredService<GarbageCollector>().CollectAsync(dryRun: false, CancellationToken.None);
        break;
    default:
        throw new ArgumentException(action);
}

// After the commit, before anybody is told.
crash.Step();
Console.WriteLine(crash.Steps);
