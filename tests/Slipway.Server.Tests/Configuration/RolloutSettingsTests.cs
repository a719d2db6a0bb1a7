using Slipway.Core;
using Slipway.Server.Configuration;
using Slipway.Server.Options;
using Slipway.TestKit;
using Slipway.Traffic.Rollouts;

namespace Slipway.Server.Tests.Configuration;

public sealed class RolloutSettingsTests
{
    private const string Base = """
        endpoints:
          scoring: { arms: { stable: "ranker@champion" } }
          divided: { arms: { a: { model: "ranker:1", weight: 50 }, b: { model: "ranker:2", weight: 50 } } }

        """;

    [Fact]
    public void Metrics_and_triggers_are_read_with_all_their_keys()
    {
        ServerOptions options = Read("""
            rollouts:
              metrics:
                load: { prometheus: "https://prom.example:9090/base", query: "max(load{version=\"$version\"})", compare: ratio, most: 1.5, least: 0.1, interval: 1m, timeout: 5s, tries: 2, beyond: hold, without: ignore, tokenFile: /run/token }
              triggers:
                scoring:
                  alias: challenger
                  every: 1d
                  steps:
                    - { weight: 10, shadow: 20, minRequests: 50, minTime: 5m }
                    - { weight: 50, maxTime: 2d, prove: true, quality: true, approval: true }
                  policy:
                    errorMargin: 0.02
                    slowAfter: 250ms
                    onInconclusive: rollBack
                    shield: false
                    metrics: [load]
                    windows: [{ days: [mon, fri], from: "09:00", until: "16:30" }]
                    quality: { metric: revenue, lowest: -1, highest: 9, better: lower, margin: 0.1, ignored: 0, minLabels: 7, remembered: 5000 }
            """);
        RolloutMetric metric = Assert.Single(options.RolloutMetrics);
        Assert.Equal(
            new RolloutMetric
            {
                Name = "load",
                Server = new Uri("https://prom.example:9090/base"),
                Query = "max(load{version=\"$version\"})",
                Compare = MetricComparison.Ratio,
                Most = 1.5,
                Least = 0.1,
                Interval = TimeSpan.FromMinutes(1),
                Timeout = TimeSpan.FromSeconds(5),
                Tries = 2,
                RollsBack = false,
                HoldsWithout = false,
                TokenFile = "/run/token",
            },
            metric);
        RolloutTrigger trigger = Assert.Single(options.RolloutTriggers);
        Assert.Equal(("scoring", "challenger", TimeSpan.FromDays(1), "custom"), (trigger.Endpoint, trigger.Alias, trigger.Every, trigger.Plan.Name));
        Assert.Equal(
            [
                new RolloutStep { Weight = 10, Shadow = 20, MinRequests = 50, MinTime = TimeSpan.FromMinutes(5) },
                new RolloutStep { Weight = 50, MaxTime = TimeSpan.FromDays(2), Prove = true, Quality = true, Approval = true },
            ],
            trigger.Plan.Steps);
        RolloutPolicy policy = trigger.Policy;
        Assert.Equal((0.02, TimeSpan.FromMilliseconds(250), Inconclusive.RollBack, false), (policy.ErrorMargin, policy.SlowAfter, policy.OnInconclusive, policy.Shield));
        Assert.Equal(["load"], policy.Metrics);
        RolloutWindow window = Assert.Single(policy.Windows);
        Assert.Equal([DayOfWeek.Monday, DayOfWeek.Friday], window.Days);
        Assert.Equal((new TimeOnly(9, 0), new TimeOnly(16, 30)), (window.From, window.Until));
        Assert.Equal(
            new QualityPolicy { Metric = "revenue", Lowest = -1, Highest = 9, LowerIsBetter = true, Margin = 0.1, Ignored = 0, MinLabels = 7, Remembered = 5000 }, policy.Quality);
    }

    [Theory]
    [InlineData("metrics: { m: { query: up, most: 1 } }", "rollouts.metrics.m: 'prometheus', the address of a server, is expected")]
    [InlineData("metrics: { m: { prometheus: \"ftp://x\", query: up, most: 1 } }", "rollouts.metrics.m.prometheus: an http or https address is expected")]
    [InlineData("metrics: { m: { prometheus: \"http://u:p@x\", query: up, most: 1 } }", "rollouts.metrics.m.prometheus: an address without user")]
    [InlineData("metrics: { m: { prometheus: \"http://x\", most: 1 } }", "rollouts.metrics.m.query: PromQL of 1 to 16384 characters is expected")]
    [InlineData("metrics: { m: { prometheus: \"http://x\", query: \"up{a='$verion'}\", most: 1 } }", "rollouts.metrics.m.query: '$verion' is not known")]
    [InlineData("metrics: { m: { prometheus: \"http://x\", query: up } }", "rollouts.metrics.m.most: 'most' or 'least' is expected")]
    [InlineData("metrics: { m: { prometheus: \"http://x\", query: up, most: 1, beyond: explode } }", "rollouts.metrics.m.beyond: one of rollBack, hold is expected")]
    [InlineData("metrics: { m: { prometheus: \"http://x\", query: up, mots: 1 } }", "rollouts.metrics.m.mots: unknown key")]
    [InlineData("triggers: { scoring: { alias: champion } }", "rollouts.triggers.scoring.alias: arm 'stable' is named by this alias")]
    [InlineData("triggers: { scoring: {} }", "rollouts.triggers.scoring.alias: the name of an alias is expected")]
    [InlineData("triggers: { divided: { alias: next } }", "rollouts.triggers.divided: endpoint 'divided' divides its traffic already")]
    [InlineData("triggers: { scoring: { alias: next, plan: slowly } }", "rollouts.triggers.scoring.plan: one of canary, blue-green, shadow-first, immediate, custom is expected")]
    [InlineData("triggers: { scoring: { alias: next, plan: canary, steps: [{ weight: 5 }] } }", "rollouts.triggers.scoring.steps: plan 'canary' has its own")]
    [InlineData("triggers: { scoring: { alias: next, plan: custom } }", "rollouts.triggers.scoring.plan: a custom plan needs 'steps'")]
    [InlineData("triggers: { scoring: { alias: next, steps: [{ weight: 500 }] } }", "rollouts.triggers.scoring.steps[0].weight: a percentage from 0 to 100 is expected")]
    [InlineData("triggers: { scoring: { alias: next, steps: [{ weight: 5, quality: true }] } }", "rollouts.triggers.scoring.steps[0].quality: 'policy.quality' has to say")]
    [InlineData("triggers: { scoring: { alias: next, policy: { metrics: [gone] } } }", "rollouts.triggers.scoring.policy.metrics: there is no metric 'gone'")]
    [InlineData("triggers: { scoring: { alias: next, policy: { quality: {} } } }", "rollouts.triggers.scoring.policy.quality.metric: the name of a metric is expected")]
    [InlineData("triggers: { scoring: { alias: next, policy: { windows: [{ days: [monday] }] } } }", "rollouts.triggers.scoring.policy.windows[0].days[0]: one of mon")]
    [InlineData("triggers: { scoring: { alias: next, policy: { windows: [{ from: \"25:00\" }] } } }", "rollouts.triggers.scoring.policy.windows[0].from: a time of day in UTC")]
    [InlineData("triggers: { scoring: { alias: next, polciy: {} } }", "rollouts.triggers.scoring.polciy: unknown key")]
    public void What_is_wrong_is_named_by_its_key(string line, string expected)
    {
        SlipwayException refused = Assert.Throws<SlipwayException>(() => Read($"rollouts: {{ {line} }}\n"));
        Assert.Equal(ErrorCode.InvalidConfiguration, refused.Code);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    private static ServerOptions Read(string rollouts)
    {
        using TemporaryFolder folder = new();
        return ServerConfiguration.Read(folder.Write("slipway.yaml", Base + rollouts), []);
    }
}
