using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;

namespace Slipway.Protocols.Tests.Metrics;

public sealed class MetricsEndpointTests
{
    [Theory]
    [InlineData(null, "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("*/*", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("application/openmetrics-text", "application/openmetrics-text; version=1.0.0; charset=utf-8")]
    [InlineData("application/openmetrics-text;version=2.0.0,text/plain;q=0.1", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("text/plain;version=0.0.4;q=0.9,application/openmetrics-text;version=1.0.0;q=0.2", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData(
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
        "application/openmetrics-text; version=1.0.0; charset=utf-8")]
    [InlineData("nonsense;;;", "text/plain; version=0.0.4; charset=utf-8")]
    public async Task The_format_is_chosen_by_the_scrapers_preference(string? accept, string expected)
    {
        await using MetricsHost host = await MetricsHost.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, "/metrics");
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        using HttpResponseMessage response = await host.Client.SendAsync(request);

        Assert.Equal(expected, response.Content.Headers.GetValues("Content-Type").Single());
        string text = await response.Content.ReadAsStringAsync();
        _ = expected.StartsWith("text", StringComparison.Ordinal) ? StrictExposition.OfPrometheus(text) : StrictExposition.OfOpenMetrics(text);
    }

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("deflate, gzip;q=0.5", true)]
    [InlineData("*", true)]
    [InlineData("gzip;q=0", false)]
    [InlineData("identity", false)]
    public async Task The_answer_is_compressed_for_those_who_take_gzip(string encoding, bool compressed)
    {
        await using MetricsHost host = await MetricsHost.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", encoding);

        using HttpResponseMessage response = await host.Client.SendAsync(request);

        Assert.Equal(compressed ? ["gzip"] : [], response.Content.Headers.ContentEncoding);
        Stream body = await response.Content.ReadAsStreamAsync();
        using StreamReader reader = new(compressed ? new GZipStream(body, CompressionMode.Decompress) : body);
        Assert.Contains("slipway_build_info", StrictExposition.OfPrometheus(await reader.ReadToEndAsync()).Types.Keys);
    }

    [Fact]
    public async Task Every_kind_of_instrument_is_shown_as_its_type_with_unit_and_suffix()
    {
        await using MetricsHost host = await MetricsHost.StartAsync();
        host.Meter.CreateCounter<long>("a.sent", "By", "Bytes sent").Add(3, new KeyValuePair<string, object?>("to", "x"));
        host.Meter.CreateCounter<double>("a.busy", "s").Add(0.5);
        host.Meter.CreateUpDownCounter<int>("a.open", "{file}").Add(-2);
        host.Meter.CreateGauge<double>("a.level").Record(double.NaN);
        host.Meter.CreateObservableGauge("a.seen", () => 7L);
        host.Meter.CreateObservableCounter("a.passed_total", () => 9);
        Histogram<double> histogram = host.Meter.CreateHistogram(
            "a.wait", "s", "Waiting", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.00001, 0.5, 2000000] });
        histogram.Record(0.5);
        histogram.Record(0.6);
        histogram.Record(1e9);
        histogram.Record(double.NaN);

        StrictExposition text = await host.ScrapeAsync();
        Assert.Equal(3, text.Values["a_sent_bytes_total{to=\"x\"}"]);
        Assert.Equal("counter", text.Types["a_sent_bytes_total"]);
        Assert.Equal(0.5, text.Values["a_busy_seconds_total"]);
        Assert.Equal(-2, text.Values["a_open"]);
        Assert.Equal("gauge", text.Types["a_open"]);
        Assert.Equal(double.NaN, text.Values["a_level"]);
        Assert.Equal(7, text.Values["a_seen"]);
        Assert.Equal(9, text.Values["a_passed_total"]);
        Assert.Equal("histogram", text.Types["a_wait_seconds"]);
        Assert.Equal(0, text.Values["a_wait_seconds_bucket{le=\"1e-05\"}"]);
        Assert.Equal(1, text.Values["a_wait_seconds_bucket{le=\"0.5\"}"]);
        Assert.Equal(2, text.Values["a_wait_seconds_bucket{le=\"2e+06\"}"]);
        Assert.Equal(3, text.Values["a_wait_seconds_bucket{le=\"+Inf\"}"]);
        Assert.Equal(1e9 + 1.1, text.Values["a_wait_seconds_sum"]);

        StrictExposition open = await host.ScrapeAsync(openMetrics: true);
        Assert.Equal("counter", open.Types["a_sent_bytes"]);
        Assert.Equal("info", open.Types["slipway_build"]);
        Assert.Equal(3, open.Values["a_sent_bytes_total{to=\"x\"}"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_runtime_counts_up_and_down_is_a_gauge(bool openMetrics)
    {
        await using MetricsHost host = await MetricsHost.StartAsync();

        StrictExposition text = await host.ScrapeAsync(openMetrics);

        Assert.Equal("gauge", text.Types["dotnet_thread_pool_thread_count"]);
        Assert.Equal("gauge", text.Types["dotnet_thread_pool_queue_length"]);
        Assert.True(text.Values["dotnet_thread_pool_thread_count"] > 0);
        Assert.Equal("counter", text.Types[openMetrics ? "dotnet_thread_pool_work_item_count" : "dotnet_thread_pool_work_item_count_total"]);
        Assert.DoesNotContain(text.Types, static family => family.Value == "gauge" && family.Key.EndsWith("_total", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Labels_are_escaped_and_made_valid()
    {
        await using MetricsHost host = await MetricsHost.StartAsync();
        host.Meter.CreateCounter<long>("a.b", null, "back\\slash, \"quote\"\nand line").Add(
            1,
            new KeyValuePair<string, object?>("z", "a\"b\\c\nd"),
            new KeyValuePair<string, object?>("le", 1.5),
            new KeyValuePair<string, object?>("__x.y-1", true));

        foreach (bool openMetrics in new[] { false, true })
        {
            StrictExposition text = await host.ScrapeAsync(openMetrics);
            Assert.Contains("""a_b_total{exported_le="1.5",key__x_y_1="true",z="a\"b\\c\nd"}""", text.Values.Keys);
        }
    }

    [Fact]
    public async Task A_sampled_trace_leaves_its_id_on_its_bucket_and_an_unsampled_one_does_not()
    {
        await using MetricsHost host = await MetricsHost.StartAsync();
        Histogram<double> histogram = host.Meter.CreateHistogram(
            "a.wait", "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1] });
        using Activity sampled = new Activity("x").SetIdFormat(ActivityIdFormat.W3C);
        sampled.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        sampled.Start();
        histogram.Record(0.5);
        sampled.Stop();
        using Activity dropped = new Activity("y").SetIdFormat(ActivityIdFormat.W3C);
        dropped.Start();
        histogram.Record(5);
        dropped.Stop();

        StrictExposition open = await host.ScrapeAsync(openMetrics: true);
        Assert.Equal(
            $$"""{trace_id="{{sampled.TraceId}}",span_id="{{sampled.SpanId}}"}""",
            Assert.Single(open.Exemplars).Value);
        Assert.Empty((await host.ScrapeAsync()).Exemplars);
    }

    [Fact]
    public async Task Series_beyond_the_bound_are_added_up_in_one()
    {
        await using MetricsHost host = await MetricsHost.StartAsync(options => options.MaxSeriesPerInstrument = 10);
        Counter<long> counter = host.Meter.CreateCounter<long>("a.b");
        for (int i = 0; i < 1000; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("id", $"user {i}"));
        }

        StrictExposition text = await host.ScrapeAsync();
        Assert.Equal(11, text.Values.Keys.Count(key => key.StartsWith("a_b_total", StringComparison.Ordinal)));
        Assert.Equal(990, text.Values["a_b_total{otel_metric_overflow=\"true\"}"]);
    }

    [Fact]
    public async Task What_an_observable_no_longer_reports_is_gone()
    {
        await using MetricsHost host = await MetricsHost.StartAsync();
        List<Measurement<long>> models = [new(1, new KeyValuePair<string, object?>("model", "a")), new(2, new KeyValuePair<string, object?>("model", "b"))];
        host.Meter.CreateObservableGauge("a.state", () => models);

        Assert.Contains("a_state{model=\"a\"}", (await host.ScrapeAsync()).Values.Keys);
        models.RemoveAt(0);
        StrictExposition after = await host.ScrapeAsync();
        Assert.DoesNotContain("a_state{model=\"a\"}", after.Values.Keys);
        Assert.Equal(2, after.Values["a_state{model=\"b\"}"]);
    }

    [Fact]
    public async Task An_observable_that_throws_hides_no_other()
    {
        await using MetricsHost host = await MetricsHost.StartAsync();
        host.Meter.CreateObservableGauge("a.bad", long () => throw new InvalidOperationException());
        host.Meter.CreateObservableGauge("a.good", () => 1L);

        Assert.Equal(1, (await host.ScrapeAsync()).Values["a_good"]);
    }

    [Fact]
    public async Task Counts_are_exact_when_many_threads_record()
    {
        await using MetricsHost host = await MetricsHost.StartAsync();
        Counter<long> counter = host.Meter.CreateCounter<long>("a.b");
        Histogram<double> histogram = host.Meter.CreateHistogram<double>("a.wait", "s");
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(number => new Thread(() =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                counter.Add(1, new KeyValuePair<string, object?>("k", (i & 1) == 0 ? "even" : "odd"));
                histogram.Record(0.25, new KeyValuePair<string, object?>("thread", number & 1));
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        StrictExposition text = await host.ScrapeAsync();
        Assert.Equal(80_000, text.Values["a_b_total{k=\"even\"}"]);
        Assert.Equal(80_000, text.Values["a_b_total{k=\"odd\"}"]);
        Assert.Equal(80_000, text.Values["a_wait_seconds_count{thread=\"0\"}"]);
        Assert.Equal(20_000, text.Values["a_wait_seconds_sum{thread=\"1\"}"]);
    }

    [Fact]
    public async Task Another_hosts_meters_are_not_shown()
    {
        await using MetricsHost one = await MetricsHost.StartAsync();
        await using MetricsHost other = await MetricsHost.StartAsync();
        other.Meter.CreateCounter<long>("a.others").Add(1);

        Assert.DoesNotContain("a_others_total", (await one.ScrapeAsync()).Types.Keys);
        Assert.Contains("a_others_total", (await other.ScrapeAsync()).Types.Keys);
    }

    [Fact]
    public async Task Process_and_runtime_are_shown()
    {
        await using MetricsHost host = await MetricsHost.StartAsync();
        StrictExposition text = await host.ScrapeAsync();
        Assert.InRange(text.Values["process_resident_memory_bytes"], 1 << 20, 1L << 40);
        Assert.InRange(text.Values["process_start_time_seconds"], 1.7e9, 1e10);
        Assert.True(text.Values["process_cpu_seconds_total"] > 0);
        Assert.True(text.Values["process_threads"] > 1);
        Assert.Contains("dotnet_gc_collections_total", text.Types.Keys);
        Assert.Contains(text.Values.Keys, key => key.StartsWith("slipway_build_info{", StringComparison.Ordinal) && key.Contains("version=\"0.1.0\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_route_declares_that_metrics_may_be_read()
    {
        await using MetricsHost host = await MetricsHost.StartAsync(options => options.TensorFlowNames = true);
        IReadOnlyList<Microsoft.AspNetCore.Http.Endpoint> routes = host.Services.GetRequiredService<EndpointDataSource>().Endpoints;
        Assert.Equal(2, routes.Count);
        Assert.All(routes, route => Assert.Equal(Permission.ReadMetrics, route.Metadata.GetRequiredMetadata<RequiredPermission>().Permission));
    }

    [Fact]
    public async Task A_bad_option_stops_the_host_at_start()
    {
        await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => MetricsHost.StartAsync(options => options.MaxSeriesPerInstrument = 0));
    }

    [Fact]
    public async Task Scrapes_at_the_same_time_are_all_answered_whole()
    {
        await using MetricsHost host = await MetricsHost.StartAsync();
        StrictExposition[] answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => host.ScrapeAsync(openMetrics: i % 2 == 0)));
        Assert.All(answers, answer => Assert.Contains("process_threads", answer.Types.Keys));
    }

    [Fact]
    public async Task Nothing_but_get_is_answered()
    {
        await using MetricsHost host = await MetricsHost.StartAsync();
        using HttpResponseMessage response = await host.Client.PostAsync("/metrics", null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }
}
