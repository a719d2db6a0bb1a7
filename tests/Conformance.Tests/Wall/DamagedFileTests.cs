using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.OnnxRuntime;
using Slipway.Server.Hosting;
using Slipway.TestKit;

namespace Slipway.Conformance.Tests.Wall;

/// <summary>
/// Real files of every format, cut off and with bits flipped: what comes of them is a model or a clear refusal, never another exception, and what is taken for a model the engine
/// survives as well.
/// </summary>
public sealed class DamagedFileTests
{
    private const int LargestFile = 200_000;

    /// <summary>Small files of every kind; the smallest say most, as most of their bytes mean something.</summary>
    public static TheoryData<string> Files { get; } =
    [
        .. Assets.Cases(static () => new[]
        {
            ("sklearn/models", "*.joblib", 3), ("sklearn/models", "*.p2.pkl", 1), ("sklearn/models", "*.p4.pkl", 2), ("sklearn/models", "*.gz", 1),
            ("boosters", "*.json", 2), ("boosters", "*.ubj", 2), ("boosters", "*.txt", 2), ("boosters", "*.bst", 1), ("boosters", "*.model", 1),
            ("pmml", "*.pmml", 6), ("tf-savedmodel", "saved_model.pb", 2), ("tf-savedmodel", "*.h5", 2), ("tf-savedmodel", "*.keras", 2), ("onnx", "*.onnx", 2),
        }.SelectMany(static kind => Smallest(kind.Item1, kind.Item2, kind.Item3))),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public Task A_damaged_file_is_refused_or_still_a_model(string file) => RunAsync(file, cuts: 20, flips: 20);

    [Theory]
    [Trait("Category", "Slow")]
    [MemberData(nameof(Files))]
    public Task A_file_cut_off_anywhere_or_flipped_often_is_refused_or_still_a_model(string file) => RunAsync(file, cuts: 6000, flips: 1500);

    private static async Task RunAsync(string file, int cuts, int flips)
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        byte[] whole = await File.ReadAllBytesAsync(Assets.PathOf(file), TestContext.Current.CancellationToken);
        string name = Path.GetFileName(file);
        await using ServiceProvider services = new ServiceCollection().AddLogging().AddShippedFormats()
            .Configure<OnnxRuntimeOptions>(static engine => engine.IntraOpThreads = 1).BuildServiceProvider();
        int step = Math.Max(1, whole.Length / cuts);
        for (int length = 0; length < whole.Length; length += step)
        {
            await TryAsync(services, name, whole[..length], $"cut at {length}");
        }

        Random random = new(1);
        for (int i = 0; i < flips; i++)
        {
            byte[] flipped = [.. whole];
            int bit = random.Next(flipped.Length * 8);
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            await TryAsync(services, name, flipped, $"bit {bit}");
        }
    }

    private static async Task TryAsync(ServiceProvider services, string name, byte[] bytes, string damage)
    {
        try
        {
            using PreparedModel prepared = await services.GetRequiredService<IModelPreparer>().PrepareAsync(
                new MemoryModelArtifact(name, (name, bytes)), TestContext.Current.CancellationToken);
            IModelRuntime runtime = services.GetServices<IModelRuntime>().Single(each => each.Name == prepared.Runtime);
            using ILoadedModel loaded = await runtime.LoadAsync(prepared, new EngineConfig(), TestContext.Current.CancellationToken);
        }
        catch (SlipwayException refused)
        {
            Assert.True(refused.Code is ErrorCode.InvalidModel or ErrorCode.NotSupported, $"{name}, {damage}: {refused.Code} {refused.Message}");
            Assert.False(string.IsNullOrWhiteSpace(refused.Message));
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            Assert.Fail($"{name}, {damage}: {bug}");
        }
    }

    private static IEnumerable<string> Smallest(string folder, string pattern, int count) => Directory
        .EnumerateFiles(Assets.PathOf(folder), pattern, SearchOption.AllDirectories)
        .Select(static path => new FileInfo(path))
        .Where(static file => file.Length is > 0 and < LargestFile && !file.Name.Contains("expected", StringComparison.Ordinal) && !file.DirectoryName!.Contains("expected", StringComparison.Ordinal))
        .OrderBy(static file => file.Length).ThenBy(static file => file.Name, StringComparer.Ordinal)
        .Take(count)
        .Select(static file => Path.GetRelativePath(Assets.Root!, file.FullName));
}
