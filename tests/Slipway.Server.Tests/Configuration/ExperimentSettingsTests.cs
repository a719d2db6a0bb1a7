using Slipway.Core;
using Slipway.Server.Configuration;
using Slipway.Server.Options;
using Slipway.TestKit;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Experiments;

namespace Slipway.Server.Tests.Configuration;

public sealed class ExperimentSettingsTests
{
    private const string Endpoints = "endpoints: { scoring: { arms: { a: { model: m, weight: 60 }, b: { model: m, weight: 40 }, c: { model: m, weight: 0 } } }, loose: { arms: { a: { model: m, weight: 50 }, b: { model: m, weight: 50 } }, stickyBy: [] }, one: { arms: { a: m } } }\n";

    [Fact]
    public void Everything_that_an_experiment_may_say_is_read()
    {
        ExperimentDefinition experiment = Assert.Single(Read("""
            trial:
              endpoint: scoring
              hypothesis: b converts better
              control: a
              treatments: [b]
              metrics:
                conversion: { kind: rate, window: 2h }
                cost: { kind: mean, better: lower }
                latency: { quantile: 0.99 }
              primary: conversion
              secondary: [cost]
              guardrails: { latency: 0.05, errors: 0.01 }
              minimalEffect: 0.02
              alpha: 0.01
              beta: 0.1
              maxDuration: 21d
              stopping: groupSequential
              looks: 4
              horizon: 5000
              expectedUnits: 2000
              maxUnits: 50000
              covariate: { header: X-Before }
              segments: [{ header: X-Country }, caller]
              start: manual
            """).Experiments);
        Assert.Equal(("trial", "scoring", "a", "conversion", "b converts better"), (experiment.Name, experiment.Endpoint, experiment.Control, experiment.Primary, experiment.Hypothesis));
        Assert.Equal(["conversion", "cost", "latency", "errors"], experiment.Metrics.Select(static metric => metric.Name));
        Assert.Equal([MetricKind.Rate, MetricKind.Mean, MetricKind.Quantile, MetricKind.Rate], experiment.Metrics.Select(static metric => metric.Kind));
        Assert.Equal((TimeSpan.FromHours(2), true, 0.99), (experiment.Metrics[0].Window, experiment.Metrics[1].LowerIsBetter, experiment.Metrics[2].Quantile));
        Assert.Equal([new GuardrailDefinition("latency", 0.05), new GuardrailDefinition("errors", 0.01)], experiment.Guardrails);
        Assert.Equal((0.02, 0.01, 0.1, TimeSpan.FromDays(21)), (experiment.MinimalEffect, experiment.Alpha, experiment.Beta, experiment.MaxDuration));
        Assert.Equal((StoppingRule.GroupSequential, 4, 5000, 2000, 50000), (experiment.Stopping, experiment.Looks, experiment.Horizon, experiment.ExpectedUnits, experiment.MaxUnits));
        Assert.Equal(new KeySource(KeySourceKind.Header, "X-Before"), experiment.Covariate);
        Assert.Equal(2, experiment.Segments.Count);
        Assert.False(experiment.StartsByItself);
    }

    [Theory]
    [InlineData("endpoint: nowhere", "experiments.e.endpoint: there is no endpoint 'nowhere'; endpoints are scoring, loose, one")]
    [InlineData("endpoint: loose", "experiments.e.endpoint: endpoint 'loose' is not sticky")]
    [InlineData("endpoint: one", "experiments.e.treatments: endpoint 'one' has no second arm")]
    [InlineData("control: z", "experiments.e.control: there is no arm 'z'; arms are a, b, c")]
    [InlineData("treatments: [c]", "experiments.e.treatments: arm 'c' has no weight")]
    [InlineData("treatments: [a]", "experiments.e.treatments: every arm is expected once")]
    [InlineData("primary: clicks", "experiments.e.primary: there is no metric 'clicks'; metrics are conversion, latency, errors")]
    [InlineData("secondary: [clicks]", "experiments.e.secondary: there is no metric 'clicks'")]
    [InlineData("guardrails: { clicks: 1 }", "experiments.e.guardrails.clicks: there is no metric 'clicks'")]
    [InlineData("guardrails: { errors: -1 }", "experiments.e.guardrails.errors: a margin of 0 or more is expected")]
    [InlineData("minimalEffect: 0", "experiments.e.minimalEffect: a number above 0 is expected")]
    [InlineData("alpha: 0.7", "experiments.e.alpha: a chance above 0 and below 0.5 is expected")]
    [InlineData("alpha: some", "experiments.e.alpha")]
    [InlineData("beta: 0.99", "experiments.e.beta")]
    [InlineData("stopping: fixed", "experiments.e.horizon: 100 units of an arm or more are expected")]
    [InlineData("stopping: whenever", "experiments.e.stopping: one of alwaysValid, groupSequential, fixed is expected")]
    [InlineData("horizon: 500", "experiments.e.horizon: an always-valid experiment has none")]
    [InlineData("maxUnits: 5", "experiments.e.maxUnits: 1000 to 2000000 are expected")]
    [InlineData("maxDuration: 0", "experiments.e.maxDuration: a time above 0 is expected")]
    [InlineData("looks: 99", "experiments.e.looks: 1 to 50 are expected")]
    [InlineData("metrics: { conversion: { kind: rate }, errors: { kind: mean } }", "experiments.e.metrics.errors.kind: errors are a rate")]
    [InlineData("metrics: { conversion: { kind: quantile, quantile: 1.5 } }", "experiments.e.metrics.conversion.quantile")]
    [InlineData("metrics: { conversion: { kind: quantile, window: 1h } }", "experiments.e.metrics.conversion.window")]
    [InlineData("covariate: { input: x }", "experiments.e.covariate: a header, parameter, claim or the caller is expected")]
    [InlineData("covariate: [{ header: X-Before }, { header: X-More }]", "experiments.e.covariate: one place is expected")]
    [InlineData("covariate: []", "experiments.e.covariate: one place is expected")]
    [InlineData("covariate: [{ headr: X-Before }]", "experiments.e.covariate[0].headr: unknown key")]
    [InlineData("hypotesis: x", "experiments.e.hypotesis: unknown key; did you mean 'hypothesis'?")]
    [InlineData("start: never", "experiments.e.start: one of auto, manual is expected")]
    public void What_is_wrong_is_named_by_its_key(string line, string expected)
    {
        Dictionary<string, string> lines = new()
        {
            ["endpoint"] = "scoring",
            ["metrics"] = "{ conversion: { kind: rate } }",
            ["primary"] = "conversion",
            ["minimalEffect"] = "0.02",
        };
        lines[line.Split(':')[0]] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..];
        SlipwayException refused = Assert.Throws<SlipwayException>(() => Read("e:\n" + string.Join("\n", lines.Select(static pair => $"  {pair.Key}: {pair.Value}"))));
        Assert.Equal(ErrorCode.InvalidConfiguration, refused.Code);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    private static ServerOptions Read(string experiments)
    {
        using TemporaryFolder folder = new();
        return ServerConfiguration.Read(folder.Write("slipway.yaml", Endpoints + "experiments:\n" + string.Join("\n", experiments.Split('\n').Select(static line => "  " + line)) + "\n"), []);
    }
}
