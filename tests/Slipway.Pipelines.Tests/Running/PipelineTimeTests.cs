using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.TestKit.Fakes;
using static Slipway.Pipelines.Tests.Pipelines;

namespace Slipway.Pipelines.Tests.Running;

/// <summary>Deadlines and cancellation reach every step.</summary>
public sealed class PipelineTimeTests
{
    private static readonly TensorSignature X = Floats("x", -1, 2);
    private static readonly TensorSignature Y = Floats("y", -1, 2);

    [Theory]
    [InlineData(null, null, 900, 900)]
    [InlineData(500, null, 900, 500)]
    [InlineData(500, 200, 900, 200)]
    [InlineData(500, 200, 100, 100)]
    [InlineData(null, 200, null, 200)]
    [InlineData(null, null, null, null)]
    public async Task A_step_gets_the_nearest_of_all_deadlines(int? pipeline, int? step, int? caller, int? expected)
    {
        FakeTimeProvider time = new();
        FakeInference models = new(new FakeServable("m", [X], [Y], static _ => [TestTensors.Floats("y", [1, 2], 1, 2)]));
        long? seen = null;
        models.Before = (request, _) =>
        {
            seen = request.Deadline;
            return default;
        };
        StepDefinition only = Step("a", Model("m", ("x", "x"))) with { Timeout = Of(step) };
        using PipelineRunner runner = new(Pipelines.Of([X], [only], ("y", "a.y")) with { Timeout = Of(pipeline) }, models, time);
        long now = time.GetTimestamp();
        using InferenceRequest request = new() { ModelName = "p", Inputs = [TestTensors.Floats("x", [1, 2], 1, 2)], Deadline = Ticks(caller) };
        (await runner.Service.Inference.InferAsync(request, TestContext.Current.CancellationToken)).Dispose();
        Assert.Equal(Ticks(expected), seen);

        static TimeSpan? Of(int? milliseconds) => milliseconds is { } some ? TimeSpan.FromMilliseconds(some) : null;

        long? Ticks(int? milliseconds) => milliseconds is { } some ? now + (some * time.TimestampFrequency / 1000) : null;
    }

    [Fact]
    public async Task A_later_step_gets_what_is_left()
    {
        FakeTimeProvider time = new();
        FakeInference models = new(new FakeServable("m", [X], [Y], static _ => [TestTensors.Floats("y", [1, 2], 1, 2)]));
        List<TimeSpan> left = [];
        models.Before = (request, _) =>
        {
            left.Add(time.GetElapsedTime(time.GetTimestamp(), request.Deadline!.Value));
            time.Advance(TimeSpan.FromMilliseconds(30));
            return default;
        };
        using PipelineRunner runner = new(Of([X], [Step("a", Model("m", ("x", "x"))), Step("b", Model("m", ("x", "a.y")))], ("y", "b.y")) with { Timeout = TimeSpan.FromMilliseconds(100) }, models, time);
        (await runner.AskAsync(TestTensors.Floats("x", [1, 2], 1, 2))).Dispose();
        Assert.Equal([100.0, 70.0], left.Select(static one => one.TotalMilliseconds));
    }

    [Fact]
    public async Task A_pipeline_that_is_not_done_in_time_ends_all_steps()
    {
        FakeTimeProvider time = new();
        (FakeInference models, Task<int> ended, Task begun) = Waiting(2);
        StepDefinition[] steps = [Step("a", Model("m", ("x", "x"))), Step("b", Model("m", ("x", "x")))];
        using PipelineRunner runner = new(Of([X], steps, ("y", "a.y"), ("z", "b.y")) with { Timeout = TimeSpan.FromMilliseconds(50) }, models, time);
        Task<InferenceResponse> answer = runner.AskAsync(TestTensors.Floats("x", [1, 2], 1, 2));
        await begun.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromMilliseconds(50));
        SlipwayException failure = await Assert.ThrowsAsync<SlipwayException>(() => answer.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal((ErrorCode.DeadlineExceeded, "pipeline 'p' was not done in time"), (failure.Code, failure.Message));
        Assert.Equal(2, await ended);
    }

    [Fact]
    public async Task A_caller_who_goes_away_ends_all_steps()
    {
        (FakeInference models, Task<int> ended, Task begun) = Waiting(3);
        StepDefinition[] steps = [.. Enumerable.Range(0, 3).Select(static i => Step($"s{i}", Model("m", ("x", "x"))) with { Attempts = 3, Fallback = Model("m", ("x", "x")) })];
        using PipelineRunner runner = new(Of([X], steps, ("a", "s0.y"), ("b", "s1.y"), ("c", "s2.y")), models);
        using CancellationTokenSource caller = new();
        using InferenceRequest request = new() { ModelName = "p", Inputs = [TestTensors.Floats("x", [1, 2], 1, 2)] };
        Task<InferenceResponse> answer = runner.Service.Inference.InferAsync(request, caller.Token).AsTask();
        await begun.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await caller.CancelAsync();
        Assert.Equal(ErrorCode.Cancelled, (await Assert.ThrowsAsync<SlipwayException>(() => answer.WaitAsync(TimeSpan.FromSeconds(60)))).Code);

        // Neither tried again nor replaced: nobody waits.
        Assert.Equal(3, await ended);
    }

    // A model that waits until its request is over; how many have ended when all have.
    private static (FakeInference Models, Task<int> Ended, Task Begun) Waiting(int count)
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<int> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int calls = 0;
        int gone = 0;
        FakeInference models = new(new FakeServable("m", [X], [Y], static _ => []))
        {
            Before = async (_, cancellationToken) =>
            {
                if (Interlocked.Increment(ref calls) == count)
                {
                    begun.SetResult();
                }

                try
                {
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }
                finally
                {
                    if (Interlocked.Increment(ref gone) == count)
                    {
                        ended.SetResult(Volatile.Read(ref calls));
                    }
                }
            },
        };
        return (models, ended.Task, begun.Task);
    }
}
