using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Registry.Maintenance;
using Slipway.Registry.Tests.Kit;

namespace Slipway.Registry.Tests.Crashes;

/// <summary>Kills a process with SIGKILL at steps of a push, an alias move and a collection: what is found afterwards is the old or the new state, and whole.</summary>
public sealed class CrashTests : RegistryKit
{
    private static readonly string Host = typeof(CrashTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static entry => entry.Key == "CrashHost").Value!;

    private static CancellationToken None => CancellationToken.None;

    [Theory]
    [InlineData("push", 8)]
    [InlineData("alias", 6)]
    [InlineData("gc", 6)]
    public Task A_kill_at_some_steps_leaves_the_old_or_the_new_state(string action, int samples) => SweepAsync(action, samples);

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData("push")]
    [InlineData("alias")]
    [InlineData("gc")]
    public Task A_kill_at_every_step_leaves_the_old_or_the_new_state(string action) => SweepAsync(action, int.MaxValue);

    private async Task SweepAsync(string action, int samples)
    {
        (_, string output) = await RunAsync(Store("whole"), action, 0);
        long steps = long.Parse(output, CultureInfo.InvariantCulture);
        Assert.True(steps >= 5, $"{steps} steps");
        bool sawOld = false, sawNew = false;
        foreach (long step in Enumerable.Range(1, (int)steps).Where(step => samples >= steps || step == 1 || step == steps || step % (steps / samples + 1) == 0))
        {
            string folder = Store($"{step}");
            (int code, _) = await RunAsync(folder, action, step);
            Assert.True(code != 0, $"{action} was not killed at step {step} of {steps}");

            IServiceProvider after = Open(Options with { DataFolder = folder });
            DataReport report = await after.GetRequiredService<DataCheck>().RunAsync(readContent: true, None);
            Assert.True(report.Problems.Count == 0, $"{action} killed at step {step} of {steps}: {string.Join("; ", report.Problems)}");
            bool isNew = await IsNewAsync(action, after, report);
            sawOld |= !isNew;
            sawNew |= isNew;

            // Whatever was left, the same thing can be done again.
            if (action != "alias" || !isNew)
            {
                (int again, string problem) = await RunAsync(folder, action, 0);
                Assert.True(again == 0, problem);
            }
        }

        Assert.True(sawOld && sawNew, $"{action}: old {sawOld}, new {sawNew}");
    }

    private static async Task<bool> IsNewAsync(string action, IServiceProvider store, DataReport report)
    {
        IModelRegistry registry = store.GetRequiredService<IModelRegistry>();
        long champion = (await registry.FindVersionByAliasAsync("fraud", "champion", None))!.Number;
        switch (action)
        {
            case "push":
                Assert.Equal(1, champion);
                ModelVersion? pushed = await registry.FindVersionAsync("fraud", 3, None);
                Assert.True(pushed is null or { Manifest.Files.Count: 2, Tags.Count: 1 });
                return pushed is not null;
            case "alias":
                Assert.InRange(champion, 1, 2);
                return champion == 2;
            default:
                return report.Orphans == 0;
        }
    }

    /// <summary>A store with two versions, an alias at the first, and two blobs that nothing refers to.</summary>
    private string Store(string name)
    {
        string folder = Folder.PathOf(name);
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(Pattern, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder, Path.GetRelativePath(Pattern, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return folder;
    }

    private string Pattern => Folder.PathOf("pattern");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await using ServiceProvider services = new ServiceCollection().AddLogging().AddSlipwayRegistry(Options with { DataFolder = Pattern }).BuildServiceProvider();
        IModelRegistry registry = services.GetRequiredService<IModelRegistry>();
        IBlobStore blobs = services.GetRequiredService<IBlobStore>();
        for (byte content = 0; content < 4; content++)
        {
            BlobInfo blob = await blobs.PutAsync(new MemoryStream([content]), 10, None);
            if (content < 2)
            {
                await registry.CreateVersionAsync(
                    new NewModelVersion { Model = "fraud", CreateModel = true, Manifest = new ModelManifest([new ArtifactFile("x", blob.Digest, blob.Length)]) }, Ana, None);
            }
        }

        await registry.SetAliasAsync("fraud", "champion", 1, AliasExpectation.Any, Ana, None);
    }

    private static async Task<(int Code, string Output)> RunAsync(string folder, string action, long step)
    {
        ProcessStartInfo start = new(Host, [folder, action, step.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, (await output).Trim() + (await error).Trim());
    }
}
