using Slipway.Core;
using Slipway.TestKit.Fakes;
using Slipway.Traffic.Shadowing;

namespace Slipway.Traffic.Tests.Shadowing;

public sealed class OutputComparisonTests
{
    [Fact]
    public void Labels_decide_where_there_are_any_and_measures_are_still_compared()
    {
        PairOutcome outcome = OutputComparison.Compare(
            [Longs(0, 1, 1), TestTensors.Floats("p", [3, 2], 0.9f, 0.1f, 0.2f, 0.8f, 0.3f, 0.7f)],
            [Longs(0, 0, 1), TestTensors.Floats("p", [3, 2], 0.8f, 0.2f, 0.2f, 0.8f, 0.7f, 0.3f)],
            0.001);
        Assert.True(outcome.IsComparable);
        Assert.Equal((3, 1), (outcome.Rows, outcome.Disagreements));
        Assert.Equal(6, outcome.Differences.Count);
        Assert.Equal(0.4, outcome.Differences.Largest, 1e-6);
        Assert.Equal(1.0 / 6, outcome.Differences.Mean, 1e-6);
    }

    [Fact]
    public void Scores_disagree_when_another_class_is_the_largest()
    {
        PairOutcome outcome = OutputComparison.Compare(
            [TestTensors.Floats("p", [2, 2], 0.6f, 0.4f, 0.6f, 0.4f)], [TestTensors.Floats("p", [2, 2], 0.9f, 0.1f, 0.4f, 0.6f)], 0.001);
        Assert.Equal(1, outcome.Disagreements);
    }

    [Theory]
    [InlineData(100f, 100.05f, 0)]
    [InlineData(100f, 100.2f, 1)]
    [InlineData(0f, 0.0005f, 0)]
    [InlineData(float.NaN, float.NaN, 0)]
    [InlineData(float.NaN, 1f, 1)]
    public void Single_measures_disagree_beyond_the_tolerance(float mine, float other, long disagreements)
    {
        PairOutcome outcome = OutputComparison.Compare([TestTensors.Floats("y", [1], mine)], [TestTensors.Floats("y", [1], other)], 0.001);
        Assert.Equal(disagreements, outcome.Disagreements);
    }

    [Fact]
    public void Texts_are_compared_row_by_row()
    {
        PairOutcome outcome = OutputComparison.Compare([TestTensors.Strings("l", [3], "a", "bb", "c")], [TestTensors.Strings("l", [3], "a", "b", "c")], 0);
        Assert.Equal((3, 1), (outcome.Rows, outcome.Disagreements));
    }

    [Fact]
    public void Other_names_shapes_or_types_are_not_comparable()
    {
        Assert.False(OutputComparison.Compare([Longs(1)], [Longs(1, 2)], 0).IsComparable);
        Assert.False(OutputComparison.Compare([Longs(1)], [], 0).IsComparable);
        Assert.False(OutputComparison.Compare([Longs(1)], [TestTensors.Floats("label", [1], 1)], 0).IsComparable);
    }

    [Fact]
    public void No_rows_compare_to_nothing() => Assert.Equal(0, OutputComparison.Compare([Longs()], [Longs()], 0).Rows);

    private static Tensor Longs(params long[] values) => TestTensors.Of("label", TensorDataType.Int64, [values.Length], values);
}
