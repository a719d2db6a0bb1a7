using Slipway.Core;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Scheduling;

/// <summary>Runs that are expected to be short happen on the caller's thread. How long one really lasts may depend on the values of its inputs.</summary>
public sealed class RunAtOnceTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource<int> _running = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _armed;

    [Theory]
    [InlineData(false, ErrorCode.Cancelled)]
    [InlineData(true, ErrorCode.DeadlineExceeded)]
    public async Task Run_on_the_callers_thread_ends_when_the_caller_goes_away_and_frees_its_instance(bool byDeadline, ErrorCode expected)
    {
        await using InferenceFixture fixture = await StartAsync();
        using CancellationTokenSource gone = new();
        long? deadline = byDeadline ? _time.GetTimestamp() + TimeSpan.FromSeconds(1).Ticks : null;
        _armed = true;
        int caller = 0;
        Task<InferenceResponse> endless = Task.Run(
            () =>
            {
                caller = Environment.CurrentManagedThreadId;
                return fixture.Inference.InferAsync(Question(deadline), gone.Token).AsTask();
            },
            InferenceFixture.Token);
        Assert.Same(_running.Task, await Task.WhenAny(_running.Task, endless));
        _armed = false;

        _time.Advance(TimeSpan.FromSeconds(1));
        await gone.CancelAsync();
        SlipwayException ended = await Assert.ThrowsAsync<SlipwayException>(() => endless);

        Assert.Equal((caller, expected), (await _running.Task, ended.Code));
        using InferenceResponse next = await fixture.Inference.InferAsync(Question(null), InferenceFixture.Token);
        Assert.Equal([5f], FakeModelDefinition.Floats(next.Outputs[0]));
    }

    private static InferenceRequest Question(long? deadline) => new()
    {
        ModelName = "m",
        Inputs = [FakeModelDefinition.Floats("x", new TensorShape(1, 2), 2, 3)],
        Deadline = deadline,
    };

    private async Task<InferenceFixture> StartAsync()
    {
        InferenceFixture fixture = new(time: _time);
        fixture.Runtime.Define = _ => FakeModelDefinition.Sums.Before((_, _, token) =>
        {
            if (_armed)
            {
                // Nothing could end the run without a token.
                ArgumentOutOfRangeException.ThrowIfEqual(token, CancellationToken.None);
                _running.TrySetResult(Environment.CurrentManagedThreadId);
                token.WaitHandle.WaitOne();
                token.ThrowIfCancellationRequested();
            }
        });
        fixture.Source.With("m", new ModelConfig { Instances = 1 }, (1, "v"));
        return await fixture.StartAsync();
    }
}
