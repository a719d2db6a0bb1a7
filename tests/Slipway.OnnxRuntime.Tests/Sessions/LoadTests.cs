using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.TestKit;

namespace Slipway.OnnxRuntime.Tests.Sessions;

public sealed class LoadTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(99)]
    public async Task Every_optimisation_level_gives_the_same_answer(int level)
    {
        using ILoadedModel model = await Engine.LoadAsync(OnnxModels.MatMul(), new EngineConfig { Optimization = (GraphOptimization)level, IntraOpThreads = level == 0 ? 2 : 0 });

        using Tensor y = Assert.Single(Engine.Run(model, Engine.Floats("x", new TensorShape(1, 2), 1, 1)));

        Assert.Equal([4, 6], Engine.Floats(y));
    }

    [Fact]
    public async Task Signature_has_names_dimensions_and_metadata()
    {
        byte[] bytes = new OnnxModelBuilder { Producer = "maker" }
            .Metadata("author", "someone").Metadata("", "empty key")
            .Input("x", OnnxDataType.Float, "batch", 2).Output("y", OnnxDataType.Float, "batch", 2)
            .Node("Neg", ["x"], ["y"])
            .Build();

        using ILoadedModel model = await Engine.LoadAsync(bytes);

        TensorSignature x = Assert.Single(model.Signature.Inputs);
        Assert.Equal(new TensorShape(-1, 2), x.Shape);
        Assert.Equal(["batch", null], x.DimensionNames);
        Assert.True(model.Signature.IsBatchable);
        Assert.Equal("someone", model.Signature.Metadata["author"]);
        Assert.Equal("empty key", model.Signature.Metadata[""]);
        Assert.Equal("maker", model.Signature.Metadata["onnx.producer_name"]);
        Assert.Equal("ai.onnx:15", model.Signature.Metadata["onnx.opset"]);
        Assert.True(model.MemoryBytes > 0);
    }

    [Theory]
    [InlineData("batch", "batch", true)]
    [InlineData("batch", "other", false)]
    [InlineData("batch", 2, false)]
    public async Task Batchable_means_that_all_begin_with_the_same_free_dimension(object input, object output, bool expected)
    {
        byte[] bytes = new OnnxModelBuilder().Input("x", OnnxDataType.Float, input, 2).Output("y", OnnxDataType.Float, output, 2).Node("Neg", ["x"], ["y"]).Build();

        using ILoadedModel model = await Engine.LoadAsync(bytes);

        Assert.Equal((expected, expected), (model.Signature.IsBatchable, model.Signature.HasRows));
    }

    [Theory]
    [InlineData("main")]
    [InlineData("branch")]
    [InlineData("function")]
    public async Task Model_that_quantises_over_all_rows_at_hand_is_not_batchable(string place)
    {
        using ILoadedModel model = await Engine.LoadAsync(QuantisingModels.In(place));

        Assert.Equal((true, false), (model.Signature.HasRows, model.Signature.IsBatchable));
        using Tensor y = Assert.Single(Engine.Run(model, Engine.Floats("x", new TensorShape(2, 2), 1, 2, 1000, 2000)));
        Assert.Equal([0, 0], Engine.Floats(y)[..2]);
    }

    [Fact]
    public async Task Initializer_that_is_an_input_may_be_left_out_or_given()
    {
        byte[] bytes = new OnnxModelBuilder()
            .Input("x", OnnxDataType.Float, 1).Input("w", OnnxDataType.Float, 1).Output("y", OnnxDataType.Float, 1)
            .Constant("w", [10f], 1)
            .Node("Add", ["x", "w"], ["y"])
            .Build();
        using ILoadedModel model = await Engine.LoadAsync(bytes);
        Assert.Equal([("x", false), ("w", true)], model.Signature.Inputs.Select(input => (input.Name, input.IsOptional)));

        using Tensor left = Assert.Single(Engine.Run(model, Engine.Floats("x", new TensorShape(1), 1)));
        using Tensor given = Assert.Single(Engine.Run(model, Engine.Floats("x", new TensorShape(1), 1), Engine.Floats("w", new TensorShape(1), 5)));

        Assert.Equal([11], Engine.Floats(left));
        Assert.Equal([6], Engine.Floats(given));
    }

    [Fact]
    public async Task Unknown_rank_is_told_from_a_scalar()
    {
        byte[] bytes = new OnnxModelBuilder()
            .Raw(graph => graph.Message(11, value =>
            {
                value.Text(1, "x");
                value.Message(2, type => type.Message(1, tensor => tensor.Int64(1, 1)));
            }))
            .Output("y", OnnxDataType.Float, "n", "m").Node("Neg", ["x"], ["y"]).Build();
        using ILoadedModel model = await Engine.LoadAsync(bytes);

        Assert.True(model.Signature.Inputs[0].IsRankUnknown);
        Assert.False(model.Signature.IsBatchable);
        using Tensor y = Assert.Single(Engine.Run(model, Engine.Floats("x", new TensorShape(1, 2), 1, 2)));
        Assert.Equal([-1, -2], Engine.Floats(y));
    }

    [Fact]
    public async Task Provider_that_the_library_lacks_is_refused_with_those_it_has()
    {
        EngineConfig config = new() { ExecutionProviders = [new ExecutionProviderConfig("coreml", new Dictionary<string, string>())] };

        SlipwayException failure = await Assert.ThrowsAsync<SlipwayException>(() => Engine.LoadAsync(OnnxModels.MatMul(), config));

        Assert.SkipWhen(OperatingSystem.IsMacOS(), "the library for this system has it");
        Assert.Equal(ErrorCode.NotSupported, failure.Code);
        Assert.Matches("'coreml' is not in this ONNX Runtime library, which has: .*cpu", failure.Message);
    }

    [Fact]
    public async Task Provider_whose_own_library_is_missing_is_refused()
    {
        IReadOnlyList<string> available = OnnxRuntime.Sessions.ExecutionProviders.Available();
        Assert.SkipUnless(available.Contains("cuda"), "the library does not list cuda");
        EngineConfig config = new() { ExecutionProviders = [new ExecutionProviderConfig("CUDAExecutionProvider", new Dictionary<string, string> { ["device_id"] = "0" })] };
        Assert.SkipWhen(File.Exists(Path.Combine(AppContext.BaseDirectory, "libonnxruntime_providers_cuda.so")), "the provider is there");

        SlipwayException failure = await Assert.ThrowsAsync<SlipwayException>(() => Engine.LoadAsync(OnnxModels.MatMul(), config));

        Assert.Equal(ErrorCode.NotSupported, failure.Code);
        Assert.DoesNotContain(AppContext.BaseDirectory, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cpu_may_be_named()
    {
        EngineConfig config = new() { ExecutionProviders = [new ExecutionProviderConfig("CPU", new Dictionary<string, string>())] };

        (await Engine.LoadAsync(OnnxModels.MatMul(), config)).Dispose();
    }

    [Fact]
    public async Task Options_of_the_cpu_are_refused_since_it_has_none()
    {
        EngineConfig config = new() { ExecutionProviders = [new ExecutionProviderConfig("CPUExecutionProvider", new Dictionary<string, string> { ["arena"] = "1" })] };

        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => Engine.LoadAsync(OnnxModels.MatMul(), config));

        Assert.Equal((ErrorCode.InvalidConfiguration, "execution provider 'CPUExecutionProvider' takes no options, but 'arena' is given"), (refused.Code, refused.Message));
    }

    [Theory]
    [InlineData("execution_mode", "parallel")]
    [InlineData("memory_pattern", "false")]
    [InlineData("cpu_memory_arena", "false")]
    [InlineData("inter_op_threads", "2")]
    [InlineData("free_dimension.batch", "1")]
    [InlineData("session.set_denormal_as_zero", "1")]
    public async Task Session_option_is_applied(string key, string value)
    {
        EngineConfig config = new() { SessionOptions = new Dictionary<string, string> { [key] = value } };

        using ILoadedModel model = await Engine.LoadAsync(OnnxModels.MatMul(), config);

        Assert.Equal(key == "free_dimension.batch" ? 1 : -1, model.Signature.Inputs[0].Shape[0]);
    }

    [Theory]
    [InlineData("execution_mode", "sideways", "must be sequential or parallel")]
    [InlineData("inter_op_threads", "-1", "must be a whole number from 0")]
    [InlineData("free_dimension.batch", "0", "must be a whole number from 1")]
    [InlineData("sesion.x", "1", "is unknown")]
    [InlineData("session.load_model_format", "ORT", "can't be set")]
    [InlineData("session.x\0", "1", "must not contain a zero character")]
    public async Task Wrong_session_option_names_its_key(string key, string value, string reason)
    {
        EngineConfig config = new() { SessionOptions = new Dictionary<string, string> { [key] = value } };

        SlipwayException failure = await Assert.ThrowsAsync<SlipwayException>(() => Engine.LoadAsync(OnnxModels.MatMul(), config));

        Assert.Equal(ErrorCode.InvalidConfiguration, failure.Code);
        Assert.Contains($"'{key}' {reason}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profile_is_written_into_the_folder()
    {
        using TemporaryFolder folder = new();
        ILoadedModel model = await Engine.LoadAsync(OnnxModels.MatMul(), new EngineConfig { Profiling = true }, new OnnxRuntimeOptions { ProfilingFolder = folder.Root });
        Engine.Run(model, Engine.Floats("x", new TensorShape(1, 2), 1, 1))[0].Dispose();
        model.Dispose();

        string file = Assert.Single(Directory.GetFiles(folder.Root));
        Assert.Contains("MatMul", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profiling_one_model_fails_no_run_of_it_or_of_another()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        const int Width = 256;
        using TemporaryFolder folder = new();
        using ILoadedModel profiled = await Engine.LoadAsync(
            OnnxModels.Mlp(Width), new EngineConfig { Profiling = true }, new OnnxRuntimeOptions { ProfilingFolder = folder.Root });
        OnnxTestCase testCase = OnnxTestCases.Load("transformer_encoder_128x256");
        using ILoadedModel other = await Engine.LoadAsync(testCase);
        using Tensor rows = Engine.Floats(profiled.Signature.Inputs[0].Name, new TensorShape(256, Width), new float[256 * Width]);

        Task runs = Task.Run(() => Repeat(200, () => Array.ForEach(Engine.Run(other, testCase.Inputs), static output => output.Dispose())));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            while (!runs.IsCompleted)
            {
                Array.ForEach(Engine.Run(profiled, rows), static output => output.Dispose());
            }
        })));
        await runs;
    }

    private static void Repeat(int times, Action action)
    {
        for (int time = 0; time < times; time++)
        {
            action();
        }
    }

    [Fact]
    public async Task Profiling_without_a_folder_names_the_setting()
    {
        SlipwayException failure = await Assert.ThrowsAsync<SlipwayException>(() => Engine.LoadAsync(OnnxModels.MatMul(), new EngineConfig { Profiling = true }));

        Assert.Equal(ErrorCode.InvalidConfiguration, failure.Code);
        Assert.Equal("profiling needs a folder to write to: a server's data folder, or engine:ProfilingFolder", failure.Message);
    }

    [Fact]
    public async Task Load_that_is_cancelled_beforehand_does_not_happen()
    {
        using OnnxModelRuntime runtime = new(Options.Create(new OnnxRuntimeOptions()), NullLogger<OnnxModelRuntime>.Instance);
        using PreparedModel prepared = Engine.Prepared(OnnxModels.MatMul());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await runtime.LoadAsync(prepared, new EngineConfig(), new CancellationToken(true)));
    }
}
