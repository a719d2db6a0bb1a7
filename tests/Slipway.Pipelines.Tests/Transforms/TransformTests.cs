using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.TestKit.Fakes;

namespace Slipway.Pipelines.Tests.Transforms;

public sealed class TransformTests
{
    private static readonly float[] Six = [1, 2, 3, 4, 5, 6];

    private static Tensor Matrix => TestTensors.Floats("m", [2, 3], Six);

    [Fact]
    public async Task Columns_are_selected_in_the_order_given() => Elements.AreEqual([3f, 1f, 6f, 4f], (await OneAsync(new SelectBody("m", [2, 0]), Matrix)).Values<float>().ToArray());

    [Fact]
    public async Task Columns_of_texts_are_selected_as_well() =>
        Assert.Equal(["b", "d"], (await OneAsync(new SelectBody("t", [1]), TestTensors.Strings("t", [2, 2], "a", "b", "c", "d"))).Texts());

    [Fact]
    public async Task Columns_are_joined_with_matrices()
    {
        Tensor joined = await OneAsync(new ConcatBody(["m", "v"], 1), Matrix, TestTensors.Floats("v", [2], 9, 8));
        Assert.Equal(new TensorShape(2, 4), joined.Shape);
        Assert.Equal([1f, 2f, 3f, 9f, 4f, 5f, 6f, 8f], joined.Values<float>());
    }

    [Fact]
    public async Task Tensors_are_stacked_along_a_new_dimension()
    {
        Tensor stacked = await OneAsync(new StackBody(["a", "b"], 1), TestTensors.Floats("a", [2], 1, 2), TestTensors.Floats("b", [2], 3, 4));
        Assert.Equal(new TensorShape(2, 2), stacked.Shape);
        Assert.Equal([1f, 3f, 2f, 4f], stacked.Values<float>());
    }

    [Fact]
    public async Task A_shape_is_given_without_touching_the_elements()
    {
        Tensor shaped = await OneAsync(new ReshapeBody("m", [-1, 1, 3]), Matrix);
        Assert.Equal(new TensorShape(2, 1, 3), shaped.Shape);
        Assert.Equal(Six, shaped.Values<float>());
    }

    [Fact]
    public async Task Renamed_values_keep_their_elements()
    {
        InferenceResponse response = await PipelineRunner.RunAsync(new RenameBody(["m"], ["features"]), [Matrix], "features");
        Assert.Equal(Six, Assert.Single(response.Outputs).Values<float>());
    }

    [Fact]
    public async Task Casting_cuts_towards_zero_and_widens_exactly()
    {
        Elements.AreEqual([-1L, 2L], (await OneAsync(new CastBody("x", TensorDataType.Int64), TestTensors.Of("x", TensorDataType.Float64, [2], -1.9, 2.9))).Values<long>().ToArray());
        Elements.AreEqual([long.MaxValue], (await OneAsync(new CastBody("x", TensorDataType.UInt64), TestTensors.Of("x", TensorDataType.Int64, [1], long.MaxValue))).Values<long>().ToArray());
        Assert.Equal(["0.1", "NaN"], (await OneAsync(new CastBody("x", TensorDataType.String), TestTensors.Floats("x", [2], 0.1f, float.NaN))).Texts());
        Elements.AreEqual([1.5, double.NaN], (await OneAsync(new CastBody("x", TensorDataType.Float64), TestTensors.Strings("x", [2], "1.5", ""))).Values<double>().ToArray());
        Elements.AreEqual([true, false], (await OneAsync(new CastBody("x", TensorDataType.Bool), TestTensors.Of("x", TensorDataType.Int32, [2], 7, 0))).Values<bool>().ToArray());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(300.0)]
    [InlineData(-1.0)]
    public async Task What_a_type_can_not_hold_fails(double value)
    {
        SlipwayException failure = await Assert.ThrowsAsync<SlipwayException>(() => OneAsync(new CastBody("x", TensorDataType.UInt8), TestTensors.Of("x", TensorDataType.Float64, [1], value)));
        Assert.Equal(ErrorCode.InvalidRequest, failure.Code);
        Assert.Contains("step 's'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scaling_uses_each_columns_own_figures() =>
        Elements.AreEqual([0f, 0.5f, 1f, 3f, 2f, 2f], (await OneAsync(new ScaleBody("m", [1, 1, 1], [1, 2, 2]), TestTensors.Floats("m", [2, 3], 1, 2, 3, 4, 5, 5))).Values<float>().ToArray());

    [Fact]
    public async Task Categories_become_columns()
    {
        Tensor coded = await OneAsync(new OneHotBody("t", ["a", "b"], RefuseUnknown: false), TestTensors.Strings("t", [3], "b", "?", "a"));
        Assert.Equal([0f, 1f, 0f, 0f, 1f, 0f], coded.Values<float>());
        await Assert.ThrowsAsync<SlipwayException>(() => OneAsync(new OneHotBody("t", ["a"], RefuseUnknown: true), TestTensors.Strings("t", [1], "?")));
    }

    [Fact]
    public async Task Values_are_looked_up()
    {
        Dictionary<string, string> table = new() { ["0"] = "no", ["1"] = "yes" };
        Assert.Equal(["yes", "no", "?"], (await OneAsync(new LookupBody("x", table, TensorDataType.String, "?"), TestTensors.Of("x", TensorDataType.Int64, [3], 1L, 0L, 5L))).Texts());
        await Assert.ThrowsAsync<SlipwayException>(() => OneAsync(new LookupBody("x", table, TensorDataType.String, null), TestTensors.Of("x", TensorDataType.Int64, [1], 5L)));
    }

    [Fact]
    public async Task The_best_are_found_first_of_equal_ones_and_missing_ones_last()
    {
        Tensor numbers = TestTensors.Floats("x", [2, 3], 1, 5, 5, float.NaN, -1, -2);
        Elements.AreEqual([1L, 1L], (await OneAsync(new ArgMaxBody("x"), numbers)).Values<long>().ToArray());
        InferenceResponse top = await PipelineRunner.RunAsync(new TopKBody("x", 2), [numbers], "values", "indices");
        Assert.Equal([5f, 5f, -1f, -2f], top.Outputs[0].Values<float>());
        Assert.Equal([1L, 2L, 1L, 2L], top.Outputs[1].Values<long>());
    }

    [Fact]
    public async Task A_threshold_is_passed_only_above_it() =>
        Elements.AreEqual([false, false, true], (await OneAsync(new ThresholdBody("x", 0.5), TestTensors.Floats("x", [3], 0.5f, float.NaN, 0.6f))).Values<bool>().ToArray());

    [Fact]
    public async Task Ensembles_average_and_vote()
    {
        Elements.AreEqual([1.5f, 4f], (await OneAsync(new AverageBody(["a", "b"], [3, 1]), TestTensors.Floats("a", [2], 1, 4), TestTensors.Floats("b", [2], 3, 4))).Values<float>().ToArray());
        Tensor[] votes = [TestTensors.Strings("a", [2], "x", "q"), TestTensors.Strings("b", [2], "y", "r"), TestTensors.Strings("c", [2], "y", "s")];
        Assert.Equal(["y", "q"], (await OneAsync(new VoteBody(["a", "b", "c"], []), votes)).Texts());
        Assert.Equal(["x", "q"], (await OneAsync(new VoteBody(["a", "b", "c"], [3, 1, 1]), votes)).Texts());
    }

    [Fact]
    public async Task Images_are_resized_at_the_centres_of_their_pixels()
    {
        Tensor image = TestTensors.Floats("i", [1, 1, 2, 2], 0, 1, 2, 3);
        Elements.AreEqual([1.5f], (await OneAsync(new ResizeBody("i", new ImageSizing(1, 1), ChannelsFirst: true), image)).Values<float>().ToArray());
        Elements.AreEqual([0f, 0.25f, 0.75f, 1f, 0.5f, 0.75f, 1.25f, 1.5f], (await OneAsync(new ResizeBody("i", new ImageSizing(4, 4), ChannelsFirst: true), image)).Values<float>().ToArray()[..8]);
        Elements.AreEqual([0f, 0f, 1f, 1f], (await OneAsync(new ResizeBody("i", new ImageSizing(4, 4) { Bilinear = false }, ChannelsFirst: true), image)).Values<float>().ToArray()[..4]);
    }

    [Fact]
    public async Task Images_are_normalised_channel_by_channel()
    {
        Tensor last = TestTensors.Of("i", TensorDataType.UInt8, [1, 1, 2, 2], (byte)255, (byte)0, (byte)0, (byte)255);
        Elements.AreEqual([1f, -1f, 0f, 1f], (await OneAsync(new NormalizeBody("i", 1.0 / 255, [0, 0.5], [1, 0.5], ChannelsFirst: false), last)).Values<float>().ToArray());
    }

    [Fact]
    public void What_can_never_fit_is_refused_by_its_key()
    {
        foreach ((StepBody body, string key) in new (StepBody, string)[]
        {
            (new SelectBody("m", [3]), "select"), (new SelectBody("v", [0]), "select"), (new ConcatBody(["m", "t"], 1), "concat"), (new ConcatBody(["m", "v"], 0), "concat"),
            (new ReshapeBody("m", [-1, -1]), "reshape"), (new CastBody("b", TensorDataType.Float32), "cast"), (new ScaleBody("m", [1, 2], [1, 1]), "scale"),
            (new ScaleBody("m", [1], [0]), "scale"), (new OneHotBody("m", ["a"], true), "oneHot"), (new OneHotBody("t", ["a", "a"], true), "oneHot"),
            (new LookupBody("t", new Dictionary<string, string> { ["a"] = "x" }, TensorDataType.Int64, null), "lookup"), (new ArgMaxBody("t"), "argMax"), (new TopKBody("m", 4), "topK"),
            (new ThresholdBody("t", 1), "threshold"), (new AverageBody(["m", "v"], []), "average"), (new AverageBody(["m"], [-1]), "average"), (new VoteBody(["t", "m"], []), "vote"),
            (new ResizeBody("m", new ImageSizing(1, 1), true), "resize"), (new NormalizeBody("m", 1, [0], [1], true), "normalize"), (new ConcatBody([], 1), "concat"),
        })
        {
            PipelineFault fault = Assert.Single(Pipelines.Of(
                [
                    Pipelines.Floats("m", -1, 3), Pipelines.Floats("v", -1), new TensorSignature("t", TensorDataType.String, new TensorShape(-1)),
                    new TensorSignature("b", TensorDataType.BFloat16, new TensorShape(-1)),
                ],
                [Pipelines.Step("s", body)],
                ("out", "m")).Check());
            Assert.Equal($"steps.s.{key}", fault.Key);
        }
    }

    private static async Task<Tensor> OneAsync(StepBody body, params Tensor[] inputs) => Assert.Single((await PipelineRunner.RunAsync(body, inputs)).Outputs);
}
