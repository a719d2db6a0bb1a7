using Slipway.OnnxRuntime.Sessions;

namespace Slipway.OnnxRuntime.Tests.Sessions;

public sealed class MeasuredMemoryTests
{
    private long _inUse = 1_000_000;
    private int _asked;

    [Fact]
    public void The_first_models_of_a_kind_are_measured_and_later_ones_take_the_median()
    {
        MeasuredMemory memory = new(InUse);

        Assert.Equal([500, 90_000, 700], Load(memory, "a", 500, 90_000, 700));
        int asked = _asked;
        Assert.Equal([700, 700], Load(memory, "a", 1, 2));

        Assert.Equal(asked, _asked);
    }

    [Fact]
    public void Kinds_are_measured_apart()
    {
        MeasuredMemory memory = new(InUse);
        Load(memory, "a", 500, 500, 500);

        Assert.Equal([8_000], Load(memory, "b", 8_000));
    }

    [Fact]
    public void What_others_free_meanwhile_hides_no_more_than_what_lies_above_the_least()
    {
        MeasuredMemory memory = new(InUse);

        Assert.Equal([100, 100, 900, 100], Load(memory, "a", -5_000, -10, 900, 3_000));
    }

    [Fact]
    public void A_model_that_cannot_be_made_counts_for_nothing()
    {
        MeasuredMemory memory = new(InUse);
        for (int i = 0; i < 5; i++)
        {
            Assert.Throws<InvalidOperationException>(() => memory.Create<object>("a", 100, static () => throw new InvalidOperationException(), out _));
        }

        Assert.Equal([600], Load(memory, "a", 600));
    }

    private long[] Load(MeasuredMemory memory, string kind, params long[] growths) => [.. growths.Select(growth =>
    {
        memory.Create(kind, 100, () => _inUse += growth, out long bytes);
        return bytes;
    })];

    private long InUse()
    {
        _asked++;
        return _inUse;
    }
}
