using System.Diagnostics;
using System.Diagnostics.Metrics;
using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.TestKit.Fakes;
using static Slipway.Pipelines.Tests.Pipelines;

namespace Slipway.Pipelines.Tests.Telemetry;

public sealed class PipelineTelemetryTests
{
    private static readonly TensorSignature X = Floats("x", -1, 2);
    private static readonly TensorSignature Y = Floats("y", -1, 2);

    private static Tensor Row => TestTensors.Floats("x", [1, 2], 1, 2);

    [Fact]
    public async Task One_trace_spans_all_steps_and_what_they_ask()
    {
        List<Activity> ended = [];
        using ActivityListener listener = Listen(ended);
        Dictionary<string, Activity?> within = [];
        FakeInference models = new(Model("m"), Model("n"))
        {
            Before = (request, _) =>
            {
                lock (within)
                {
                    within[request.ModelName] = Activity.Current;
                }

                return default;
            },
        };
        using PipelineRunner runner = new(
            Of([X], [Step("first", Pipelines.Model("m", ("x", "x"))), Step("second", Pipelines.Model("n", ("x", "first.y"))), Step("beside", new ArgMaxBody("x"))], ("y", "second.y"), ("z", "beside")), models);
        using Activity edge = new Activity("edge").Start();
        using InferenceResponse response = await runner.AskAsync(Row);

        Activity pipeline = Assert.Single(ended, one => one.OperationName == "pipeline" && one.TraceId == edge.TraceId);
        Assert.Equal((edge.SpanId, "p"), (pipeline.ParentSpanId, (string?)pipeline.GetTagItem("slipway.pipeline")));
        Activity[] steps = [.. ended.Where(one => one.OperationName == "step" && one.TraceId == edge.TraceId)];
        Assert.Equal(["beside", "first", "second"], steps.Select(static step => (string)step.GetTagItem("slipway.step")!).Order(StringComparer.Ordinal));
        Assert.All(steps, step => Assert.Equal(pipeline.SpanId, step.ParentSpanId));

        // What a step asks lies beneath it.
        Assert.Equal("first", within["m"]!.GetTagItem("slipway.step"));
        Assert.Equal("second", within["n"]!.GetTagItem("slipway.step"));
    }

    [Fact]
    public async Task A_failed_step_marks_its_span_and_the_pipelines()
    {
        List<Activity> ended = [];
        using ActivityListener listener = Listen(ended);
        FakeInference models = new(Model("m")) { Before = static (_, _) => throw new SlipwayException(ErrorCode.ModelFailed, "it broke") };
        using PipelineRunner runner = new(Of([X], [Step("a", Pipelines.Model("m", ("x", "x")))], ("y", "a.y")), models);
        using Activity edge = new Activity("edge").Start();
        await Assert.ThrowsAsync<SlipwayException>(() => runner.AskAsync(Row));
        Activity[] mine = [.. ended.Where(one => one.TraceId == edge.TraceId)];
        Assert.Equal(["step", "pipeline"], mine.Select(static one => one.OperationName));
        Assert.All(mine, static one => Assert.Equal((ActivityStatusCode.Error, "ModelFailed"), (one.Status, one.StatusDescription)));
    }

    [Fact]
    public async Task Without_a_traced_request_there_are_no_spans()
    {
        List<Activity> ended = [];
        using ActivityListener listener = Listen(ended);
        using PipelineRunner runner = new(Of([X], [Step("untraced", new ArgMaxBody("x"))], ("y", "untraced")), new FakeInference());
        Activity.Current = null;
        using InferenceResponse response = await runner.AskAsync(Row);
        Assert.DoesNotContain(ended, static one => Equals(one.GetTagItem("slipway.step"), "untraced"));
    }

    [Fact]
    public async Task Every_step_is_counted_with_its_code_retries_and_fallbacks()
    {
        int calls = 0;
        FakeInference models = new(Model("flaky"), Model("broken"));
        models.Before = (request, _) => request.ModelName == "broken" || ++calls == 1 ? throw new SlipwayException(ErrorCode.ModelFailed, "it broke") : default;
        StepDefinition retried = Step("retried", Pipelines.Model("flaky", ("x", "x"))) with { Attempts = 2, RetryDelay = TimeSpan.FromMilliseconds(1) };
        StepDefinition backed = Step("backed", Pipelines.Model("broken", ("x", "x"))) with { Fallback = new ConstantBody([new ConstantOutput("y", TensorDataType.Float32, new TensorShape(-1, 2), new byte[8])]) };
        using PipelineRunner runner = new(Of([X], [retried, backed], ("y", "retried.y"), ("z", "backed.y")), models);
        using Recorder recorder = new(runner);
        (await runner.AskAsync(Row)).Dispose();
        models.Before = static (_, _) => throw new SlipwayException(ErrorCode.InvalidRequest, "no");
        await Assert.ThrowsAsync<SlipwayException>(() => runner.AskAsync(Row));

        Assert.Equal(1, recorder.Sum("slipway.pipelines.step.retries", "retried"));
        Assert.Equal(1, recorder.Sum("slipway.pipelines.step.fallbacks", "backed"));
        Assert.Equal(1, recorder.Count("slipway.pipelines.step.duration", "retried", "ok"));
        Assert.Equal(1, recorder.Count("slipway.pipelines.step.duration", "backed", "ok"));
        Assert.Contains(1, new[] { recorder.Count("slipway.pipelines.step.duration", "retried", "InvalidRequest"), recorder.Count("slipway.pipelines.step.duration", "backed", "InvalidRequest") });
        Assert.Equal((1, 1), (recorder.Count("slipway.pipelines.request.duration", null, "ok"), recorder.Count("slipway.pipelines.request.duration", null, "InvalidRequest")));
        Assert.Equal(0, recorder.Sum("slipway.pipelines.in_flight", null));
    }

    private static FakeServable Model(string name) => new(name, [X], [Y], static _ => [TestTensors.Floats("y", [1, 2], 1, 2)]);

    private static ActivityListener Listen(List<Activity> ended)
    {
        ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name == "Slipway.Pipelines",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (ended)
                {
                    ended.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    /// <summary>Measurements of one runner's own meter.</summary>
    private sealed class Recorder : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly List<(string Name, double Value, Dictionary<string, object?> Tags)> _seen = [];

        public Recorder(PipelineRunner runner)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == runner.MeterScope && instrument.Meter.Name == "Slipway.Pipelines")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
            _listener.Start();
        }

        public double Sum(string name, string? step) => Of(name, step, null).Sum(static one => one.Value);

        public int Count(string name, string? step, string code) => Of(name, step, code).Count();

        public void Dispose() => _listener.Dispose();

        private IEnumerable<(string Name, double Value, Dictionary<string, object?> Tags)> Of(string name, string? step, string? code)
        {
            lock (_seen)
            {
                return [.. _seen.Where(one => one.Name == name && Equals(one.Tags["pipeline"], "p") && Equals(one.Tags.GetValueOrDefault("step"), step) && (code is null || Equals(one.Tags["code"], code)))];
            }
        }

        private void Add(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            Dictionary<string, object?> all = [];
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                all[tag.Key] = tag.Value;
            }

            lock (_seen)
            {
                _seen.Add((name, value, all));
            }
        }
    }
}
