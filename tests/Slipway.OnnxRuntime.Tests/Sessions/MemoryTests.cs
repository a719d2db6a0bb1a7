using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.OnnxRuntime.Sessions;
using Slipway.TestKit;

namespace Slipway.OnnxRuntime.Tests.Sessions;

/// <summary>What the process uses is the same for all tests: nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryTestsRunAlone;

[Collection(nameof(MemoryTests))]
public sealed class MemoryTests
{
    // A leak of even one small object for each cycle would be some kilobytes; a leaked session would be the model's size.
    private const long BytesPerCycle = 16 << 10;

    [Fact]
    public async Task Rounds_of_fifty_cycles_leave_no_native_memory_behind()
    {
        byte[] bytes = OnnxModels.Mlp(256);
        using Tensor x = Engine.Floats("x", new TensorShape(1, 256), new float[256]);
        await Cycle(bytes, x, 10);
        List<long> growths = [];
        for (int round = 0; round < 5; round++)
        {
            long before = ProcessMemory.InUse();
            await Cycle(bytes, x, 50);
            growths.Add(ProcessMemory.InUse() - before);
        }

        // A leak grows in every round; the allocator taking another arena for a thread it hadn't met grows once.
        Assert.True(growths.Min() < 50 * BytesPerCycle, $"{string.Join(", ", growths)} bytes more after each 50 cycles");
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_thousand_cycles_of_a_real_model_leave_resident_memory_without_slope()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads the resident memory from /proc");
        OnnxTestCase mobilenet = OnnxTestCases.Load("mobilenet_v2");
        Tensor x = mobilenet.Inputs[0];
        List<double> samples = [];
        for (int i = 0; i < 100; i++)
        {
            await Cycle(mobilenet.Model, x, 10);

            // Some 70 kB of managed garbage for each load would look like a slope until the collector finds it worth its while.
            GC.Collect();
            samples.Add(ResidentBytes());
        }

        // Theil and Sen's slope: the median over all pairs, which single outliers don't move. The first fifth is warm-up.
        double[] steady = [.. samples.Skip(20)];
        double[] slopes = [.. from i in Enumerable.Range(0, steady.Length) from j in Enumerable.Range(i + 1, steady.Length - i - 1) select (steady[j] - steady[i]) / (j - i) / 10];
        Array.Sort(slopes);
        double slope = slopes[slopes.Length / 2];
        Assert.True(slope < BytesPerCycle, $"{slope:F0} bytes for each cycle, resident {steady[0] / 1e6:F0} to {steady[^1] / 1e6:F0} MB");
    }

    [Fact]
    public async Task A_model_counts_at_least_its_own_bytes_although_others_are_freed_while_it_is_loaded()
    {
        byte[] small = OnnxModels.Mlp(128);
        byte[] large = OnnxModels.Mlp(512);
        using CancellationTokenSource done = new();
        Task others = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                (await Engine.LoadAsync(large)).Dispose();
            }
        });
        for (int i = 0; i < 100; i++)
        {
            using ILoadedModel model = await Engine.LoadAsync(small);
            Assert.InRange(model.MemoryBytes, small.Length, long.MaxValue);
        }

        await done.CancelAsync();
        await others;
    }

    [Fact]
    public async Task Strings_are_freed_with_their_run()
    {
        using ILoadedModel model = await Engine.LoadAsync(OnnxModels.Identity(OnnxDataType.String));
        byte[] packed = OnnxTensorReader.Pack([.. Enumerable.Range(0, 2000).Select(i => new string('x', 500))]);
        Tensor x = new("x", TensorDataType.String, new TensorShape(1000, 2), packed);
        long before = 0;
        for (int i = 0; i < 120; i++)
        {
            Engine.Run(model, x)[0].Dispose();
            before = i == 19 ? ProcessMemory.InUse() : before;
        }

        // Each run handles 1 MB of strings; a hundred leaked ones would be 100 MB.
        Assert.True(ProcessMemory.InUse() - before < 20_000_000, $"{ProcessMemory.InUse() - before} bytes more");
    }

    [Fact]
    public async Task Models_of_the_same_bytes_and_options_share_a_session()
    {
        byte[] bytes = OnnxModels.Mlp(512);
        using OnnxModelRuntime runtime = Engine.Runtime();
        using PreparedModel prepared = Engine.Prepared(bytes);
        using Tensor x = Engine.Floats("x", new TensorShape(1, 512), new float[512]);
        List<long> shared = [];
        List<long> own = [];
        for (int round = 0; round < 5; round++)
        {
            ILoadedModel first = await runtime.LoadAsync(prepared, new EngineConfig(), CancellationToken.None);
            long before = ProcessMemory.InUse();

            using ILoadedModel second = await runtime.LoadAsync(prepared, new EngineConfig(), CancellationToken.None);
            long between = ProcessMemory.InUse();
            using ILoadedModel other = await runtime.LoadAsync(prepared, new EngineConfig { Optimization = GraphOptimization.Basic }, CancellationToken.None);
            shared.Add(between - before);
            own.Add(ProcessMemory.InUse() - between);
            first.Dispose();
            first.Dispose();

            Assert.Equal(first.MemoryBytes, second.MemoryBytes);
            using Tensor y = Assert.Single(Engine.Run(second, x));
        }

        // The process has other uses for memory, the compiler's for one; they don't come in every round.
        Assert.True(shared.Min() < own.Max() / 4, $"{string.Join(", ", shared)} bytes for a shared one, {string.Join(", ", own)} for one of its own");
    }

    private static async Task Cycle(byte[] bytes, Tensor x, int count)
    {
        for (int i = 0; i < count; i++)
        {
            using ILoadedModel model = await Engine.LoadAsync(bytes);
            Engine.Run(model, x)[0].Dispose();
        }
    }

    private static long ResidentBytes()
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmRSS", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) * 1024;
    }
}
