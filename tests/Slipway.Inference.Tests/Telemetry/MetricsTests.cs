using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Inference.Scheduling;
using Slipway.Inference.Telemetry;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Telemetry;

public sealed class MetricsTests
{
    [Fact]
    public async Task Requests_runs_and_versions_are_measured_with_bounded_tags()
    {
        ConcurrentQueue<string> seen = new();
        using MeterListener listener = Listen(seen);
        await using InferenceFixture fixture = new(static services => services.Configure<SchedulingOptions>(static options => options.InlineThreshold = TimeSpan.Zero));
        ModelConfig config = new() { Batching = new BatchingConfig(), ResponseCache = new ResponseCacheConfig(), MetricTags = new Dictionary<string, string> { ["team"] = "risk" } };
        fixture.Source.With("metrics-test", config, (1, "v"));
        listener.Start();
        await fixture.StartAsync();

        (await fixture.InferAsync("metrics-test", 1, 2)).Dispose();
        await Assert.ThrowsAsync<SlipwayException>(async () => await fixture.InferAsync("metrics-test", 1, 2, 3));
        listener.RecordObservableInstruments();

        Assert.Contains("slipway.inference.request.duration model=metrics-test version=1 team=risk code=ok", seen);
        Assert.Contains("slipway.inference.request.duration model=metrics-test version=1 team=risk code=ShapeMismatch", seen);
        Assert.Contains("slipway.inference.queue.duration model=metrics-test version=1 team=risk", seen);
        Assert.Contains("slipway.inference.compute.duration model=metrics-test version=1 team=risk", seen);
        Assert.Contains("slipway.inference.batch.duration model=metrics-test version=1 team=risk", seen);
        Assert.Contains("slipway.inference.batch.size model=metrics-test version=1 team=risk reason=idle", seen);
        Assert.Contains("slipway.inference.rejected model=metrics-test version=1 team=risk reason=invalid", seen);
        Assert.Contains("slipway.inference.cache.lookups model=metrics-test version=1 team=risk result=miss", seen);
        Assert.Contains("slipway.inference.load.duration model=metrics-test version=1 team=risk result=ok", seen);
        foreach (string name in new[] { "in_flight", "pending", "model.state", "model.memory", "cache.size" })
        {
            Assert.Contains($"slipway.inference.{name} model=metrics-test version=1 team=risk", seen);
        }
    }

    [Fact]
    public async Task Queue_and_batch_are_spans_under_the_callers_and_linked_to_the_others()
    {
        ConcurrentQueue<Activity> stopped = new();
        using ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name is InferenceActivity.Name or "spans-test",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        FakeTimeProvider time = new();
        await using InferenceFixture fixture = new(
            static services => services.Configure<SchedulingOptions>(static options => options.InlineThreshold = TimeSpan.Zero), time);
        BatchingConfig batching = new() { MaxBatchSize = 2, MaxQueueDelay = TimeSpan.FromSeconds(1) };
        fixture.Source.With("spans-test", new ModelConfig { Batching = batching }, (1, "v"));
        await fixture.StartAsync();
        using ActivitySource source = new("spans-test");

        using Activity first = source.StartActivity("first")!;
        Task<InferenceResponse> one = fixture.InferAsync("spans-test", 1, 2).AsTask();
        Activity.Current = null;
        using Activity second = source.StartActivity("second")!;
        (await fixture.InferAsync("spans-test", 1, 2)).Dispose();
        (await one).Dispose();

        await InferenceFixture.Until(() => stopped.Count(static span => span.GetTagItem("slipway.model") as string == "spans-test") >= 3);
        Activity batch = stopped.Single(static span => span.OperationName == "batch" && span.GetTagItem("slipway.model") as string == "spans-test");
        Assert.Equal(2, batch.GetTagItem("slipway.rows"));
        Assert.Equal(first.TraceId, batch.TraceId);
        Assert.Equal(second.TraceId, Assert.Single(batch.Links).Context.TraceId);
        Assert.Equal(2, stopped.Count(static span => span.OperationName == "queue" && span.GetTagItem("slipway.model") as string == "spans-test"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_that_is_not_traced_begins_no_trace_though_somebody_listens(bool inline)
    {
        ConcurrentQueue<Activity> stopped = new();
        using ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name is InferenceActivity.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        string model = $"untraced-{inline}";
        await using InferenceFixture fixture = new(services => services.Configure<SchedulingOptions>(
            options => options.InlineThreshold = inline ? TimeSpan.FromSeconds(1) : TimeSpan.Zero));
        fixture.Source.With(model, null, (1, "v"));
        await fixture.StartAsync();

        Assert.Null(Activity.Current);
        (await fixture.InferAsync(model, 1, 2)).Dispose();

        Assert.DoesNotContain(stopped, span => span.GetTagItem("slipway.model") as string == model);
    }

    [Fact]
    public async Task Statistics_add_up()
    {
        await using InferenceFixture fixture = new();
        fixture.Source.With("m", null, (1, "v"));
        await fixture.StartAsync();

        for (int i = 0; i < 10; i++)
        {
            (await fixture.InferAsync("m", 1, 2, 3, 4)).Dispose();
        }

        await Assert.ThrowsAsync<SlipwayException>(async () => await fixture.InferAsync("m", 1));
        VersionStatistics statistics = Assert.Single(fixture.Statistics.GetStatistics(null, null));

        Assert.Equal((10, 1, 20, 10), (statistics.Success.Count, statistics.Fail.Count, statistics.InferenceCount, statistics.ExecutionCount));
        Assert.Equal((10, 10, 10), (statistics.Queue.Count, statistics.Compute.Count, statistics.ComputeOutput.Count));
        Assert.True(statistics.Success.Nanoseconds >= statistics.Compute.Nanoseconds);
        Assert.Equal(2, Assert.Single(statistics.Batches).BatchSize);
        Assert.NotNull(statistics.LastInference);
        Assert.Throws<SlipwayException>(() => fixture.Statistics.GetStatistics("m", 2));
        Assert.Throws<SlipwayException>(() => fixture.Statistics.GetStatistics("n", null));
    }

    private static MeterListener Listen(ConcurrentQueue<string> seen)
    {
        MeterListener listener = new()
        {
            InstrumentPublished = static (instrument, self) =>
            {
                if (instrument.Meter.Name == InferenceMetrics.MeterName)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => seen.Enqueue(Line(instrument, tags)));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => seen.Enqueue(Line(instrument, tags)));
        listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => seen.Enqueue(Line(instrument, tags)));
        return listener;
    }

    private static string Line(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string line = instrument.Name;
        foreach ((string name, object? value) in tags)
        {
            line += $" {name}={value}";
        }

        return line;
    }
}
