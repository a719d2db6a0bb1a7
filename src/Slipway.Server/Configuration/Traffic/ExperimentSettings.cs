using Slipway.Core;
using Slipway.Inference.Configuration;
using Slipway.Server.Options;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Experiments;

namespace Slipway.Server.Configuration.Traffic;

/// <summary>Reads <c>experiments</c>: a mapping of names to experiments.</summary>
internal static class ExperimentSettings
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    private static readonly Dictionary<string, MetricKind> Kinds = new(StringComparer.Ordinal)
    {
        ["rate"] = MetricKind.Rate,
        ["mean"] = MetricKind.Mean,
        ["quantile"] = MetricKind.Quantile,
    };

    private static readonly Dictionary<string, bool> Directions = new(StringComparer.Ordinal)
    {
        ["higher"] = false,
        ["lower"] = true,
    };

    private static readonly Dictionary<string, StoppingRule> Rules = new(StringComparer.Ordinal)
    {
        ["alwaysValid"] = StoppingRule.AlwaysValid,
        ["groupSequential"] = StoppingRule.GroupSequential,
        ["fixed"] = StoppingRule.Fixed,
    };

    private static readonly Dictionary<string, bool> Starts = new(StringComparer.Ordinal)
    {
        ["auto"] = true,
        ["manual"] = false,
    };

    /// <summary>All experiments; every fault is reported. Endpoints have been read before.</summary>
    public static bool Read(ConfigValue value, ServerOptions options, out IReadOnlyList<ExperimentDefinition> experiments)
    {
        List<ExperimentDefinition> read = [];
        experiments = read;
        if (value.AsMapping() is not { } mapping)
        {
            return false;
        }

        foreach ((string name, ConfigValue one) in mapping.All())
        {
            if (ReadExperiment(name, one) is not { } experiment)
            {
                continue;
            }

            read.Add(experiment);
            foreach (EndpointFault fault in ExperimentCheck.Find(experiment, options.Endpoints))
            {
                one.Reader.Report(fault.Key.Length > 0 ? $"{one.Key}.{fault.Key}" : one.Key, one.Node, fault.Message);
            }
        }

        return true;
    }

    /// <summary>One experiment, in the words of the configuration, from JSON or YAML that somebody sent; not checked against endpoints yet.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>, naming every fault with its key.</exception>
    public static ExperimentDefinition Read(string name, string text)
    {
        if (!YamlText.TryParse(text, out ConfigNode? root, out ConfigProblem? problem))
        {
            throw Refuse([problem]);
        }

        ConfigReader reader = new();
        ConfigValue value = new(reader, "", root);
        if (!value.IsMapping)
        {
            value.Refuse("the keys of an experiment are expected");
        }

        return ReadExperiment(name, value) is { } experiment && reader.IsClean ? experiment : throw Refuse(reader.Problems);
    }

    /// <summary>Checks an experiment that somebody sent.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>, naming every fault with its key.</exception>
    public static void Require(ExperimentDefinition experiment, IReadOnlyList<EndpointDefinition> endpoints)
    {
        ConfigProblem[] faults = [.. ExperimentCheck.Find(experiment, endpoints).Select(static fault => new ConfigProblem(fault.Key, fault.Message, 0, 0))];
        if (faults.Length > 0)
        {
            throw Refuse(faults);
        }
    }

    private static SlipwayException Refuse(IEnumerable<ConfigProblem> problems) => new(
        ErrorCode.InvalidRequest, string.Join("; ", problems.Select(static problem => problem.Key.Length > 0 ? $"{problem.Key}: {problem.Message}" : problem.Message)));

    private static ExperimentDefinition? ReadExperiment(string name, ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        ExperimentDefinition otherwise = new() { Name = name, Endpoint = "", Metrics = [], Primary = "", MinimalEffect = 0 };
        IReadOnlyList<GuardrailDefinition> guardrails = mapping.GetObject("guardrails", ReadGuardrails, null) ?? [];
        string primary = mapping.GetObject("primary", static one => one.AsText(), "")!;
        IReadOnlyList<string> secondary = mapping.GetObject("secondary", ReadTexts, null) ?? [];
        ExperimentDefinition experiment = otherwise with
        {
            Endpoint = mapping.GetObject("endpoint", static one => one.AsText(), "")!,
            Hypothesis = mapping.GetObject("hypothesis", static one => one.AsText(), "")!,
            Control = mapping.GetObject("control", static one => one.AsText(), "")!,
            Treatments = mapping.GetObject("treatments", ReadTexts, null) ?? [],
            Metrics = WithMeasured(mapping.GetObject("metrics", ReadMetrics, null) ?? [], [primary, .. secondary, .. guardrails.Select(static one => one.Metric)]),
            Primary = primary,
            Secondary = secondary,
            Guardrails = guardrails,
            MinimalEffect = mapping.Get("minimalEffect", static one => one.AsDouble(), 0),
            Alpha = mapping.Get("alpha", static one => one.AsDouble(), otherwise.Alpha),
            Beta = mapping.Get("beta", static one => one.AsDouble(), otherwise.Beta),
            MaxDuration = mapping.Get("maxDuration", static one => one.AsDuration(Longest), otherwise.MaxDuration),
            Stopping = mapping.Get("stopping", static one => one.AsOneOf(Rules), StoppingRule.AlwaysValid),
            Looks = mapping.Get("looks", static one => one.AsInt32(), otherwise.Looks),
            Horizon = mapping.Get("horizon", static one => one.AsInt64(0), 0),
            ExpectedUnits = mapping.Get("expectedUnits", static one => one.AsInt64(), otherwise.ExpectedUnits),
            MaxUnits = mapping.Get("maxUnits", static one => one.AsInt32(), otherwise.MaxUnits),
            Covariate = mapping.GetObject("covariate", ReadSource, null),
            Segments = mapping.GetObject("segments", KeySourceSettings.ReadAll, null) ?? [],
            StartsByItself = mapping.Get("start", static one => one.AsOneOf(Starts), true),
        };
        mapping.Finish();
        return experiment;
    }

    private static KeySource? ReadSource(ConfigValue value)
    {
        if (KeySourceSettings.ReadAll(value) is not { } sources)
        {
            return null;
        }

        if (sources.Count == 1)
        {
            return sources[0];
        }

        if (!value.IsSequence || value.Node.Items.Count != sources.Count)
        {
            // What is wrong with it has been told.
            return null;
        }

        value.Refuse("one place is expected: variance is reduced by one number known before");
        return null;
    }

    private static List<MetricDefinition>? ReadMetrics(ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        List<MetricDefinition> metrics = [];
        foreach ((string name, ConfigValue one) in mapping.All())
        {
            if (one.AsMapping() is not { } inner)
            {
                continue;
            }

            MetricDefinition otherwise = name is MetricDefinition.Latency or MetricDefinition.Errors ? MetricDefinition.Measured(name) : new MetricDefinition { Name = name };
            metrics.Add(otherwise with
            {
                Kind = inner.Get("kind", static kind => kind.AsOneOf(Kinds), otherwise.Kind),
                Quantile = inner.Get("quantile", static quantile => quantile.AsDouble(), otherwise.Quantile),
                LowerIsBetter = inner.Get("better", static better => better.AsOneOf(Directions), otherwise.LowerIsBetter),
                Window = inner.TryGet("window", out ConfigValue window) ? window.AsDuration(Longest) : null,
            });
            inner.Finish();
        }

        return metrics;
    }

    // What the server measures by itself needs no entry.
    private static List<MetricDefinition> WithMeasured(IReadOnlyList<MetricDefinition> metrics, IReadOnlyList<string> used) =>
    [
        .. metrics,
        .. used.Where(name => name is MetricDefinition.Latency or MetricDefinition.Errors && metrics.All(metric => metric.Name != name))
            .Distinct(StringComparer.Ordinal).Select(MetricDefinition.Measured),
    ];

    private static List<GuardrailDefinition>? ReadGuardrails(ConfigValue value) => value.AsMapping() is not { } mapping ? null
        : [.. mapping.All().Select(static pair => new GuardrailDefinition(pair.Key, pair.Value.AsDouble() ?? 0))];

    private static List<string>? ReadTexts(ConfigValue value) => value.AsList() is not { } list ? null : [.. list.Select(static one => one.AsText()).OfType<string>()];
}
