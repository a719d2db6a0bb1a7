using Slipway.Core;
using Slipway.TestKit;

namespace Slipway.OnnxRuntime.Tests.Sessions;

public sealed class OptimizedModelCacheTests
{
    [Fact]
    public async Task Copy_is_kept_and_used()
    {
        using TemporaryFolder folder = new();
        Assert.Equal<float[]>([4, 6], await Answer(folder));
        string copy = Assert.Single(Directory.GetFiles(folder.Root, "*.onnx"));
        DateTime written = File.GetLastWriteTimeUtc(copy);

        Assert.Equal<float[]>([4, 6], await Answer(folder));

        Assert.Equal(written, File.GetLastWriteTimeUtc(copy));
        Assert.Equal(2, Directory.GetFiles(folder.Root).Length);
    }

    [Fact]
    public async Task Copy_that_is_there_is_what_is_loaded()
    {
        // Another model under the copy's name, with a right digest: if its answer comes, the copy was used.
        using TemporaryFolder folder = new();
        await Answer(folder);
        string copy = Assert.Single(Directory.GetFiles(folder.Root, "*.onnx"));
        byte[] other = OnnxModels.Add(1);
        await File.WriteAllBytesAsync(copy, other);
        await File.WriteAllTextAsync(copy + ".sha256", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(other)));

        Assert.Equal<float[]>([2, 2], await Answer(folder));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Damaged_copy_is_made_again(int cut)
    {
        using TemporaryFolder folder = new();
        await Answer(folder);
        string copy = Assert.Single(Directory.GetFiles(folder.Root, "*.onnx"));
        byte[] good = await File.ReadAllBytesAsync(copy);
        byte[] bad = cut == 0 ? [] : cut < 0 ? good[..^1] : [.. good];
        if (cut > 0)
        {
            bad[bad.Length / 2] ^= 1;
        }

        await File.WriteAllBytesAsync(copy, bad);

        Assert.Equal<float[]>([4, 6], await Answer(folder));
        Assert.Equal(good, await File.ReadAllBytesAsync(copy));
    }

    [Fact]
    public async Task Copy_that_the_engine_refuses_is_made_again()
    {
        using TemporaryFolder folder = new();
        await Answer(folder);
        string copy = Assert.Single(Directory.GetFiles(folder.Root, "*.onnx"));
        await File.WriteAllTextAsync(copy, "text");
        await File.WriteAllTextAsync(copy + ".sha256", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("text"u8)));

        Assert.Equal<float[]>([4, 6], await Answer(folder));
    }

    [Fact]
    public async Task Other_options_have_another_copy()
    {
        using TemporaryFolder folder = new();
        await Answer(folder);
        await Answer(folder, new EngineConfig { Optimization = GraphOptimization.Basic });
        await Answer(folder, new EngineConfig { SessionOptions = new Dictionary<string, string> { ["memory_pattern"] = "false" } });

        Assert.Equal(3, Directory.GetFiles(folder.Root, "*.onnx").Length);
    }

    [Fact]
    public async Task Folder_that_can_not_be_written_to_only_costs_the_copy()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("file", "not a folder");

        Assert.Equal<float[]>([4, 6], await Answer(Path.Combine(file, "below")));
    }

    [Fact]
    public async Task What_a_process_left_half_written_goes_after_an_hour_and_what_another_is_writing_stays()
    {
        using TemporaryFolder folder = new();
        string dead = folder.Write($"0.onnx.{Guid.NewGuid():N}.unfinished", "half");
        File.SetLastWriteTimeUtc(dead, DateTime.UtcNow.AddHours(-2));
        string alive = folder.Write($"0.onnx.{Guid.NewGuid():N}.unfinished", "half");
        string copy = folder.Write("1.onnx", "whole");
        string digest = folder.Write("1.onnx.sha256", "digest");
        File.SetLastWriteTimeUtc(copy, DateTime.UtcNow.AddDays(-2));
        File.SetLastWriteTimeUtc(digest, DateTime.UtcNow.AddDays(-2));

        Assert.Equal<float[]>([4, 6], await Answer(folder));

        Assert.False(File.Exists(dead));
        Assert.All((string[])[alive, copy, digest], static file => Assert.True(File.Exists(file)));
    }

    private static Task<float[]> Answer(TemporaryFolder folder, EngineConfig? config = null) => Answer(folder.Root, config);

    private static async Task<float[]> Answer(string folder, EngineConfig? config = null)
    {
        using ILoadedModel model = await Engine.LoadAsync(OnnxModels.MatMul(), config, new OnnxRuntimeOptions { OptimizedModelFolder = folder });
        using Tensor y = Assert.Single(Engine.Run(model, Engine.Floats("x", new TensorShape(1, 2), 1, 1)));
        return Engine.Floats(y);
    }
}
