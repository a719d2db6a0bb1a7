using Slipway.Core;
using Slipway.Inference.Loading;
using Slipway.Inference.Tests.Scheduling;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Loading;

public sealed class BatchProbeTests
{
    [Fact]
    public void Independent_rows_are_confirmed_strings_and_free_dimensions_included()
    {
        Assert.True(Confirms(FakeModelDefinition.Sums));
        Assert.True(Confirms(RowModel.Definition));
    }

    [Fact]
    public void Rows_that_look_at_each_other_are_noticed() => Assert.False(Confirms(Sums(static (values, _) =>
    {
        // Normalised over the batch: the shapes say nothing of it.
        float total = values.Sum();
        return [.. values.Select(value => value / total)];
    })));

    [Fact]
    public void Rows_that_share_a_scale_are_noticed_although_rows_of_one_size_do_not_show_it() => Assert.False(Confirms(Sums(static (values, _) =>
    {
        float step = values.Max(MathF.Abs) / 2047;
        return [.. values.Select(value => step == 0 ? 0 : MathF.Round(value / step) * step)];
    })));

    [Fact]
    public void Threshold_over_all_rows_is_noticed() =>
        Assert.False(Confirms(Sums(static (values, _) => values.Max() > 20 ? [.. values.Select(static value => -value)] : values)));

    [Fact]
    public void Infinity_is_not_near_a_number() =>
        Assert.False(Confirms(Sums(static (values, rows) => rows == 1 ? values : [.. values.Select(static _ => float.PositiveInfinity)])));

    [Fact]
    public void Model_that_gives_no_number_for_large_or_negative_values_is_judged_by_small_ones()
    {
        Assert.True(Confirms(Sums(static (values, _) => [.. values.Select(MathF.Sqrt)])));
        Assert.False(Confirms(Sums(static (values, _) => [.. values.Select(value => MathF.Sqrt(value / values.Sum()))])));
    }

    [Fact]
    public void Model_that_refuses_large_or_negative_values_is_judged_by_small_ones() => Assert.True(Confirms(Sums(static (values, _) =>
        values.Any(static value => value is < 0 or > 1) ? throw new SlipwayException(ErrorCode.ModelFailed, "no such index") : values)));

    [Fact]
    public void Model_that_refuses_more_than_one_row_is_not_batchable() => Assert.False(Confirms(Sums(static (values, rows) =>
        rows == 1 ? values : throw new SlipwayException(ErrorCode.ModelFailed, "one row only"))));

    [Fact]
    public void Model_that_refuses_everything_is_not_batchable() =>
        Assert.False(Confirms(Sums(static (_, _) => throw new SlipwayException(ErrorCode.ModelFailed, "never"))));

    [Fact]
    public void Small_differences_of_summation_are_allowed() =>
        Assert.True(Confirms(Sums(static (values, rows) => [.. values.Select(value => value + (rows * 1e-6f))])));

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(false, true, false)]
    [InlineData(null, false, false)]
    public async Task Owner_has_the_last_word(bool? batchable, bool independent, bool expected)
    {
        await using InferenceFixture fixture = new();
        fixture.Runtime.Define = _ => independent ? FakeModelDefinition.Sums : Sums(static (values, _) => [.. values.Select(value => value / values.Sum())]);
        fixture.Source.With("m", new ModelConfig { Batchable = batchable }, (1, "v"));
        await fixture.StartAsync();

        ServableInfo servable = await fixture.Catalog.GetServableAsync("m", default, InferenceFixture.Token);

        Assert.Equal((expected, expected ? int.MaxValue : 0), (servable.Signature.IsBatchable, servable.MaxBatchSize));
    }

    private static bool Confirms(FakeModelDefinition definition) => BatchProbe.Confirms(new FakeModel(definition, "probe"), InferenceFixture.Token);

    private static FakeModelDefinition Sums(Func<float[], long, float[]> function) => new()
    {
        Signature = new ModelSignature(
            [new TensorSignature("x", TensorDataType.Float32, new TensorShape(-1, 2))],
            [new TensorSignature("y", TensorDataType.Float32, new TensorShape(-1, 2))])
        { IsBatchable = true },
        Run = (_, inputs, _, _) => [FakeModelDefinition.Floats("y", inputs[0]!.Shape, function(FakeModelDefinition.Floats(inputs[0]!), inputs[0]!.Shape[0]))],
    };
}
