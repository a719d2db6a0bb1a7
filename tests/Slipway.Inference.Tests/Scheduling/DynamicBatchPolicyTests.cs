using Slipway.Core;
using Slipway.Inference.Scheduling;

namespace Slipway.Inference.Tests.Scheduling;

public sealed class DynamicBatchPolicyTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(10);

    [Theory]
    [InlineData(0, 0, 0, 0, "none")]
    [InlineData(3, 0, 0, 10, "wait")]
    [InlineData(3, 4, 0, 6, "wait")]
    [InlineData(3, 10, 0, 0, "Delay")]
    [InlineData(16, 0, 0, 0, "Full")]
    [InlineData(40, 0, 0, 0, "Full")]
    [InlineData(3, 4, 5, 6, "wait")]
    [InlineData(3, 4, 7, 0, "Early")]
    public void Batch_is_closed_for_the_right_reason(int rows, int age, int gap, int wait, string expected)
    {
        DynamicBatchPolicy policy = new(new BatchingConfig { MaxQueueDelay = Delay }, maxRows: 16);

        BatchAction action = policy.Decide(new QueueSnapshot(rows, TimeSpan.FromMilliseconds(age), TimeSpan.FromMilliseconds(gap)));

        Assert.Equal(expected, action.IsRun ? action.Reason.ToString() : action.Wait > TimeSpan.Zero ? "wait" : "none");
        Assert.Equal(TimeSpan.FromMilliseconds(wait), action.Wait);
        Assert.True(!action.IsRun || action.MaxRows == 16);
    }

    [Fact]
    public void Without_a_delay_what_waits_runs_at_once() =>
        Assert.Equal(BatchAction.Run(16, BatchCloseReason.Idle), new DynamicBatchPolicy(new BatchingConfig(), 16).Decide(new QueueSnapshot(1, default, default)));

    [Theory]
    [InlineData(3, 0)]
    [InlineData(4, 4)]
    [InlineData(7, 4)]
    [InlineData(9, 8)]
    public void Largest_preferred_size_that_is_reached_is_run(int rows, int expected)
    {
        DynamicBatchPolicy policy = new(new BatchingConfig { MaxQueueDelay = Delay, PreferredBatchSizes = [4, 8] }, maxRows: 16);

        BatchAction action = policy.Decide(new QueueSnapshot(rows, default, default));

        Assert.Equal(expected, action.MaxRows);
        Assert.True(expected == 0 || action.Reason == BatchCloseReason.Preferred);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 4)]
    [InlineData(5, 16)]
    [InlineData(16, 16)]
    public void Batch_is_padded_to_the_next_allowed_size(int rows, int expected) =>
        Assert.Equal(expected, new DynamicBatchPolicy(new BatchingConfig { AllowedBatchSizes = [1, 4, 16] }, 16).PaddedRows(rows));

    [Fact]
    public void The_longer_a_request_waits_the_less_it_still_has_to()
    {
        DynamicBatchPolicy policy = new(new BatchingConfig { MaxQueueDelay = Delay }, maxRows: 16);
        TimeSpan last = TimeSpan.MaxValue;
        for (int age = 0; age < 10; age++)
        {
            TimeSpan wait = policy.Decide(new QueueSnapshot(1, TimeSpan.FromMilliseconds(age), default)).Wait;
            Assert.True(wait < last && wait > TimeSpan.Zero);
            last = wait;
        }
    }
}
