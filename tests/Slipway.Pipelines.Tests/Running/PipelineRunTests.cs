using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.TestKit.Fakes;
using static Slipway.Pipelines.Tests.Pipelines;

namespace Slipway.Pipelines.Tests.Running;

public sealed class PipelineRunTests
{
    private static readonly TensorSignature X = Floats("x", -1, 2);
    private static readonly TensorSignature Y = Floats("y", -1, 2);

    [Fact]
    public async Task Independent_branches_run_at_once()
    {
        // Each branch waits until all of them have begun: one after the other they would wait for ever.
        using CountdownEvent begun = new(4);
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        FakeInference models = new(Adder("m", 1));
        models.Before = async (_, cancellationToken) =>
        {
            if (begun.Signal())
            {
                all.SetResult();
            }

            await all.Task.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
        };
        StepDefinition[] branches = [.. Enumerable.Range(0, 4).Select(i => Step($"b{i}", Model("m", ("x", "x"))))];
        using PipelineRunner runner = new(Of([X], [.. branches, Step("mean", new AverageBody(["b0.y", "b1.y", "b2.y", "b3.y"], []))], ("y", "mean")), models);
        using InferenceResponse response = await runner.AskAsync(TestTensors.Floats("x", [1, 2], 1, 2));
        Assert.Equal([2f, 3f], response.Outputs[0].Values<float>());
    }

    [Fact]
    public async Task Steps_hand_on_the_very_memory_of_the_step_before()
    {
        byte[] given = [1, 0, 0, 0, 2, 0, 0, 0];
        ReadOnlyMemory<byte> seen = default;
        FakeInference models = new(
            new FakeServable("first", [X], [Y], _ => [new Tensor("y", TensorDataType.Float32, new TensorShape(1, 2), given)]),
            new FakeServable("second", [Floats("z", -1, 2)], [Y], request =>
            {
                seen = request.Inputs[0].Data;
                return [TestTensors.Floats("y", [1, 2], 0, 0)];
            }));
        using PipelineRunner runner = new(Of([X], [Step("a", Model("first", ("x", "x"))), Step("b", Model("second", ("z", "a.y")))], ("y", "b.y")), models);
        using InferenceResponse response = await runner.AskAsync(TestTensors.Floats("x", [1, 2], 1, 2));
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(seen, out ArraySegment<byte> segment) && ReferenceEquals(segment.Array, given));
    }

    [Fact]
    public async Task Every_piece_of_memory_is_released_once_and_outputs_with_the_answer()
    {
        List<CountingOwner> owners = [];
        FakeServable Owning(string name) => new(name, [X], [Y], request =>
        {
            CountingOwner owner = new();
            lock (owners)
            {
                owners.Add(owner);
            }

            Assert.DoesNotContain(0, request.Inputs.Select(static input => input.Data.Length));
            return [new Tensor("y", TensorDataType.Float32, new TensorShape(1, 2), new byte[8], owner)];
        });
        FakeInference models = new(Owning("m"));
        StepDefinition[] steps =
        [
            Step("a", Model("m", ("x", "x"))), Step("b", Model("m", ("x", "a.y"))), Step("c", Model("m", ("x", "a.y"))), Step("d", new ReshapeBody("b.y", [-1, 2])), Step("e", Model("m", ("x", "d"))), Step("unread", Model("m", ("x", "a.y"))),
        ];
        using PipelineRunner runner = new(Of([X], steps, ("one", "c.y"), ("two", "e.y"), ("again", "c.y"), ("shown", "d")), models);
        InferenceResponse response = await runner.AskAsync(TestTensors.Floats("x", [1, 2], 1, 2));
        Assert.Equal(5, owners.Count);

        // Two are in the answer; what the view showed was copied into it.
        Assert.Equal(3, owners.Sum(static owner => owner.Released));
        Assert.All(response.Outputs, static output => Assert.Equal(8, output.Data.Length));
        response.Dispose();
        Assert.All(owners, static owner => Assert.Equal(1, owner.Released));
    }

    [Fact]
    public async Task A_failure_names_pipeline_and_step_and_ends_the_other_branches()
    {
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        FakeInference models = new(Adder("good", 1), Adder("bad", 1));
        models.Before = async (request, cancellationToken) =>
        {
            if (request.ModelName == "bad")
            {
                throw new SlipwayException(ErrorCode.ModelFailed, "it broke");
            }

            using CancellationTokenRegistration end = cancellationToken.Register(ended.SetResult);
            await ended.Task.WaitAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
        };
        using PipelineRunner runner = new(Of([X], [Step("slow", Model("good", ("x", "x"))), Step("broken", Model("bad", ("x", "x")))], ("a", "slow.y"), ("b", "broken.y")), models);
        SlipwayException failure = await Assert.ThrowsAsync<SlipwayException>(() => runner.AskAsync(TestTensors.Floats("x", [1, 2], 1, 2)));
        Assert.Equal((ErrorCode.ModelFailed, "pipeline 'p', step 'broken': it broke"), (failure.Code, failure.Message));
    }

    [Fact]
    public async Task What_may_pass_is_tried_again_and_then_something_else_stands_in()
    {
        int calls = 0;
        FakeInference models = new(Adder("m", 1));
        models.Before = (_, _) => ++calls < 3 ? throw new SlipwayException(ErrorCode.Overloaded, "full") : default;
        StepDefinition retried = Step("a", Model("m", ("x", "x"))) with { Attempts = 3, RetryDelay = TimeSpan.FromMilliseconds(1) };
        using (PipelineRunner runner = new(Of([X], [retried], ("y", "a.y")), models))
        {
            Elements.AreEqual([2f, 3f], (await runner.AskAsync(TestTensors.Floats("x", [1, 2], 1, 2))).Outputs[0].Values<float>().ToArray());
            Assert.Equal(3, calls);
        }

        models.Before = static (_, _) => throw new SlipwayException(ErrorCode.ModelFailed, "it broke");
        StepDefinition backed = Step("a", Model("m", ("x", "x"))) with { Fallback = new ConstantBody([new ConstantOutput("y", TensorDataType.Float32, new TensorShape(-1, 2), new byte[8])]) };
        using PipelineRunner other = new(Of([X], [backed], ("y", "a.y")), models);
        Assert.Equal(new TensorShape(3, 2), (await other.AskAsync(TestTensors.Floats("x", [3, 2], 1, 2, 3, 4, 5, 6))).Outputs[0].Shape);
    }

    [Fact]
    public async Task A_step_that_takes_too_long_ends_by_its_own_timeout_on_the_servers_clock()
    {
        FakeTimeProvider time = new();
        FakeInference models = new(Adder("m", 1));
        TaskCompletionSource waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        models.Before = async (_, cancellationToken) =>
        {
            waiting.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        };
        using PipelineRunner runner = new(Of([X], [Step("a", Model("m", ("x", "x"))) with { Timeout = TimeSpan.FromMilliseconds(50) }], ("y", "a.y")), models, time);
        Task<InferenceResponse> answer = runner.AskAsync(TestTensors.Floats("x", [1, 2], 1, 2));
        await waiting.Task.WaitAsync(TimeSpan.FromSeconds(60));
        time.Advance(TimeSpan.FromMilliseconds(50));
        SlipwayException failure = await Assert.ThrowsAsync<SlipwayException>(() => answer.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal((ErrorCode.DeadlineExceeded, "pipeline 'p', step 'a': no answer within 50 ms"), (failure.Code, failure.Message));
    }

    [Fact]
    public async Task More_memory_or_requests_than_allowed_are_refused()
    {
        using PipelineRunner small = new(Of([X], [Step("a", Model("m", ("x", "x")))], ("y", "a.y")) with { MaxBytes = 7 }, new FakeInference(Adder("m", 1)));
        SlipwayException failure = await Assert.ThrowsAsync<SlipwayException>(() => small.AskAsync(TestTensors.Floats("x", [1, 2], 1, 2)));
        Assert.Equal(ErrorCode.PayloadTooLarge, failure.Code);
        Assert.Contains("step 'a'", failure.Message, StringComparison.Ordinal);

        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        FakeInference models = new(Adder("m", 1)) { Before = async (_, _) => await go.Task };
        using PipelineRunner narrow = new(Of([X], [Step("a", Model("m", ("x", "x")))], ("y", "a.y")) with { MaxConcurrentRequests = 1 }, models);
        Task<InferenceResponse> first = narrow.AskAsync(TestTensors.Floats("x", [1, 2], 1, 2));
        Assert.Equal(ErrorCode.Overloaded, (await Assert.ThrowsAsync<SlipwayException>(() => narrow.AskAsync(TestTensors.Floats("x", [1, 2], 1, 2)))).Code);
        go.SetResult();
        await first;
    }

    [Fact]
    public async Task A_switch_sends_each_row_its_own_way_and_puts_rows_back_in_order()
    {
        FakeInference models = new(Adder("low", 1), Adder("high", 100));
        SwitchBody body = new([new SwitchCase("x[0] > 10", Model("high", ("x", "x")))], Model("low", ("x", "x")));
        using PipelineRunner runner = new(Of([X], [Step("s", body)], ("y", "s.y")), models);
        using InferenceResponse mixed = await runner.AskAsync(TestTensors.Floats("x", [4, 2], 1, 1, 20, 20, 2, 2, 30, 30));
        Assert.Equal([2f, 2f, 120f, 120f, 3f, 3f, 130f, 130f], mixed.Outputs[0].Values<float>());
        using InferenceResponse one = await runner.AskAsync(TestTensors.Floats("x", [1, 2], 20, 20));
        Assert.Equal([120f, 120f], one.Outputs[0].Values<float>());
        using InferenceResponse none = await runner.AskAsync(TestTensors.Floats("x", [0, 2]));
        Assert.Equal(new TensorShape(0, 2), none.Outputs[0].Shape);
    }

    [Fact]
    public async Task A_cascade_asks_the_expensive_model_for_uncertain_rows_only()
    {
        long asked = 0;
        FakeInference models = new(Adder("cheap", 0), Adder("expensive", 100));
        models.Before = (request, _) =>
        {
            asked += request.ModelName == "expensive" ? request.Inputs[0].Shape[0] : 0;
            return default;
        };
        CascadeBody body = new([new CascadeStage(Model("cheap", ("x", "x")), "max(y) >= 0.8")], Model("expensive", ("x", "x")));
        using PipelineRunner runner = new(Of([X], [Step("s", body)], ("y", "s.y")), models);
        using InferenceResponse mixed = await runner.AskAsync(TestTensors.Floats("x", [3, 2], 0.9f, 0.1f, 0.5f, 0.5f, 0.2f, 0.8f));
        Assert.Equal([0.9f, 0.1f, 100.5f, 100.5f, 0.2f, 0.8f], mixed.Outputs[0].Values<float>());
        Assert.Equal(1, asked);
        using InferenceResponse sure = await runner.AskAsync(TestTensors.Floats("x", [1, 2], 0.9f, 0.1f));
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_version_with_another_signature_makes_the_pipeline_unready_and_a_fitting_one_ready_again()
    {
        FakeServable fitting = Adder("m", 1);
        FakeServable other = new("m", [Floats("x", -1, 5)], [Y], static _ => [], version: 2) { State = ServableState.Unloaded };
        FakeInference models = new(fitting, other);
        using PipelineRunner runner = new(Of([X], [Step("a", Model("m", ("x", "x")))], ("y", "a.y")), models);
        await runner.Service.RefreshAsync(CancellationToken.None);
        Assert.Equal(ServableState.Ready, State(runner).State);
        (fitting.State, other.State) = (ServableState.Unloaded, ServableState.Ready);
        Assert.Equal(ServableState.Failed, State(runner).State);
        Assert.Contains("steps.a.inputs.x: shape [-1,5] is expected, and [-1,2] is given", State(runner).Reason, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.ModelNotReady, (await Assert.ThrowsAsync<SlipwayException>(() => runner.AskAsync(TestTensors.Floats("x", [1, 2], 1, 2)))).Code);
        (fitting.State, other.State) = (ServableState.Ready, ServableState.Unloaded);
        Assert.Equal(ServableState.Ready, State(runner).State);
        Elements.AreEqual([2f, 3f], (await runner.AskAsync(TestTensors.Floats("x", [1, 2], 1, 2))).Outputs[0].Values<float>().ToArray());
    }

    [Fact]
    public async Task Requests_that_do_not_fit_are_refused_with_the_input_named()
    {
        using PipelineRunner runner = new(Of([X, Floats("w", -1)], [Step("a", Model("m", ("x", "x")))], ("y", "a.y"), ("w", "w")), new FakeInference(Adder("m", 1)));
        Tensor x = TestTensors.Floats("x", [1, 2], 1, 2);
        Assert.Contains("'w' is missing", await RefusalAsync(x), StringComparison.Ordinal);
        Assert.Contains("'w' has 2 rows", await RefusalAsync(x, TestTensors.Floats("w", [2], 1, 2)), StringComparison.Ordinal);
        Assert.Contains("expected as FP32, not INT64", await RefusalAsync(x, TestTensors.Of("w", TensorDataType.Int64, [1], 1L)), StringComparison.Ordinal);
        Assert.Contains("expected with shape [-1]", await RefusalAsync(x, TestTensors.Floats("w", [1, 1], 1)), StringComparison.Ordinal);
        using InferenceResponse response = await runner.AskAsync(x, TestTensors.Floats("w", [1], 7));
        Assert.Equal([7f], response.Outputs[1].Values<float>());

        async Task<string> RefusalAsync(params Tensor[] inputs) => (await Assert.ThrowsAsync<SlipwayException>(() => runner.AskAsync(inputs))).Message;
    }

    private static VersionSnapshot State(PipelineRunner runner) => runner.Service.Catalog.TryGetModel("p", out ModelSnapshot? model) ? model.Versions[0] : throw new InvalidOperationException();

    private static FakeServable Adder(string name, float amount) => new(
        name, [X], [Y], request => [TestTensors.Floats("y", request.Inputs[0].Shape.Dimensions.ToArray(), [.. request.Inputs[0].Values<float>().Select(value => value + amount)])]);

    private sealed class CountingOwner : IDisposable
    {
        public int Released { get; private set; }

        public void Dispose() => Released++;
    }
}
