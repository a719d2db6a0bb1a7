using System.Globalization;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Prometheus;

namespace Slipway.Traffic.Rollouts;

/// <summary>
/// A number that a Prometheus server knows and that a rollout watches. A limit is a limit: unlike what Slipway measures itself, this promises no error rate. Immutable; from the configuration alone.
/// </summary>
public sealed record RolloutMetric
{
    private const int MaxQuery = 16_384;

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Address of the server, http or https.</summary>
    public required Uri Server { get; init; }

    /// <summary>PromQL that comes to one number, with <c>$endpoint</c>, <c>$arm</c>, <c>$model</c>, <c>$version</c> and <c>$oldVersion</c> filled in.</summary>
    public required string Query { get; init; }

    /// <summary>What is held against the limits.</summary>
    public MetricComparison Compare { get; init; }

    /// <summary>Most that it may be; null: no limit.</summary>
    public double? Most { get; init; }

    /// <summary>Least that it may be; null: no limit.</summary>
    public double? Least { get; init; }

    /// <summary>Time between two queries. Default 30 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait for an answer. Default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Queries in a row that have to be beyond a limit before it counts. Default 3.</summary>
    public int Tries { get; init; } = 3;

    /// <summary>Whether going beyond a limit rolls back; otherwise the rollout is held. Default true.</summary>
    public bool RollsBack { get; init; } = true;

    /// <summary>Whether a rollout is held while there is no number: the server is away, refuses, or knows none. Otherwise it goes on without. Default true.</summary>
    public bool HoldsWithout { get; init; } = true;

    /// <summary>File with a bearer token for the server; null (default): none is sent.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Every fault, with the key that it lies under, relative to the metric.</summary>
    public IEnumerable<EndpointFault> FindFaults()
    {
        if (!EndpointCheck.IsName(Name))
        {
            yield return new("", $"'{Name}' is no name: letters, digits, '_', '-' and '.' are expected, at most 128");
        }

        if (Query.Length is 0 or > MaxQuery)
        {
            yield return new("query", $"PromQL of 1 to {MaxQuery} characters is expected");
        }

        foreach (string name in QueryTemplate.UnknownNames(Query).Distinct(StringComparer.Ordinal))
        {
            yield return new("query", $"'${name}' is not known; $endpoint, $arm, $model, $version and $oldVersion are filled in");
        }

        if (Compare != MetricComparison.Value && !QueryTemplate.IsAboutOneVersion(Query))
        {
            yield return new("query", "'$version' or '$arm' is expected, since both versions are asked for");
        }

        if (Most is null && Least is null)
        {
            yield return new("most", "'most' or 'least' is expected");
        }

        if (!(Most is null || double.IsFinite(Most.Value)) || !(Least is null || double.IsFinite(Least.Value)) || Least >= Most)
        {
            yield return new("least", "finite numbers are expected, 'least' below 'most'");
        }

        if (Interval < TimeSpan.FromSeconds(1) || Interval > TimeSpan.FromDays(1))
        {
            yield return new("interval", "1s to 1d is expected");
        }

        if (Timeout < TimeSpan.FromMilliseconds(100) || Timeout > TimeSpan.FromMinutes(5))
        {
            yield return new("timeout", "100ms to 5m is expected");
        }

        if (Tries is < 1 or > 1000)
        {
            yield return new("tries", "1 to 1000 are expected");
        }
    }

    /// <summary>What is held against the limits, of the numbers of both versions.</summary>
    internal double Of(double next, double? old) => Compare switch
    {
        MetricComparison.Difference => next - old!.Value,
        MetricComparison.Ratio => old == 0 ? (next == 0 ? 1 : double.PositiveInfinity) : next / old!.Value,
        _ => next,
    };

    /// <summary>In what way a number is beyond a limit; null when it is not.</summary>
    internal string? Beyond(double number) => number > Most ? string.Create(CultureInfo.InvariantCulture, $"{Word} {number:0.####} is above {Most:0.####}")
        : number < Least ? string.Create(CultureInfo.InvariantCulture, $"{Word} {number:0.####} is below {Least:0.####}")
        : null;

    private string Word => Compare switch
    {
        MetricComparison.Difference => "the difference",
        MetricComparison.Ratio => "the ratio",
        _ => "its value",
    };
}

/// <summary>What of a metric is held against its limits.</summary>
public enum MetricComparison
{
    /// <summary>What the query comes to for the new version.</summary>
    Value,

    /// <summary>That, less what it comes to for the old one.</summary>
    Difference,

    /// <summary>That, divided by what it comes to for the old one; infinite when the old one is 0 and the new one is not.</summary>
    Ratio,
}
