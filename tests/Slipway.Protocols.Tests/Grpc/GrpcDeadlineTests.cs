using Slipway.Protocols.Grpc;

namespace Slipway.Protocols.Tests.Grpc;

public sealed class GrpcDeadlineTests
{
    [Fact]
    public void A_timer_that_fires_before_its_timestamp_is_the_deadline_all_the_same()
    {
        StoppedClock clock = new();
        using CancellationTokenSource caller = new();
        using GrpcDeadline deadline = GrpcDeadline.Start(TimeSpan.FromMilliseconds(50), clock, caller.Token);
        Assert.False(deadline.HasPassed);
        clock.Fire!(clock.State);
        Assert.True(deadline.Token.IsCancellationRequested);
        Assert.True(deadline.HasPassed);
    }

    [Fact]
    public void A_caller_that_goes_away_is_no_deadline()
    {
        using CancellationTokenSource caller = new();
        using GrpcDeadline deadline = GrpcDeadline.Start(TimeSpan.FromMilliseconds(50), new StoppedClock(), caller.Token);
        caller.Cancel();
        Assert.True(deadline.Token.IsCancellationRequested);
        Assert.False(deadline.HasPassed);
    }

    /// <summary>A clock that stands still, with a timer fired by hand.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public TimerCallback? Fire { get; private set; }

        public object? State { get; private set; }

        public override long GetTimestamp() => 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (Fire, State) = (callback, state);
            return new NoTimer();
        }
    }

    private sealed class NoTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
