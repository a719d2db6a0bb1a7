using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Registry.Maintenance;

namespace Slipway.Registry.Worker;

/// <summary>
/// What a deployment does, step by step: stores files, publishes a version, moves the alias to it, deletes the version before, collects what nothing refers to. Tells each step when it was
/// answered.
/// </summary>
public static class Publishing
{
    // More than one part of an upload in parts, and more than a spool holds in memory.
    private const int LargeBytes = (5 << 20) + 1000;

    private static readonly ChangeContext Change = new("worker", "deployment");

    /// <summary>Files of a deployment: a pure function of its content's name.</summary>
    public static IReadOnlyList<(string Path, byte[] Content)> FilesOf(string content)
    {
        Random random = new(content.Aggregate(17, static (seed, character) => (seed * 31) + character));
        byte[] large = new byte[LargeBytes];
        random.NextBytes(large);
        return [("model.bin", large), ("MLmodel", System.Text.Encoding.UTF8.GetBytes("content: " + content)), ("shared.txt", "the same in every version"u8.ToArray())];
    }

    internal static async Task RunAsync(IServiceProvider services, string model, string content)
    {
        IBlobStore blobs = services.GetRequiredService<IBlobStore>();
        IModelRegistry registry = services.GetRequiredService<IModelRegistry>();
        List<ArtifactFile> files = [];
        foreach ((string path, byte[] bytes) in FilesOf(content))
        {
            BlobInfo blob = await blobs.PutAsync(new MemoryStream(bytes), long.MaxValue, default);
            files.Add(new ArtifactFile(path, blob.Digest, blob.Length));
            Tell($"stored {blob.Digest}");
        }

        long? before = (await registry.FindVersionByAliasAsync(model, "champion", default))?.Number;
        ModelVersion version = await registry.CreateVersionAsync(
            new NewModelVersion { Model = model, Manifest = new ModelManifest(files), CreateModel = true, Description = content }, Change, default);
        Tell($"published {version.Number}");

        await registry.SetAliasAsync(model, "champion", version.Number, before is { } at ? AliasExpectation.At(at) : AliasExpectation.Absent, Change, default);
        Tell($"moved {version.Number}");

        if (before is { } old)
        {
            await registry.DeleteVersionAsync(model, old, Change, default);
            Tell($"deleted {old}");
        }

        await services.GetRequiredService<GarbageCollector>().CollectAsync(dryRun: false, default);
        Tell("collected");
    }

    private static void Tell(string line)
    {
        Death.Step();
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }
}
