using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Protocols.Tests.Metrics;

/// <summary>
/// Reads an exposition as strictly as the two formats are written down, and fails on anything that a lenient scraper would let pass:
/// metadata twice or after samples, interleaved families, a label set twice, buckets out of order, wrong suffixes, missing end.
/// </summary>
internal sealed partial class StrictExposition
{
    private readonly HashSet<string> _closed = [];
    private readonly HashSet<string> _series = [];
    private readonly bool _openMetrics;
    private string _family = "";
    private string _type = "";
    private string _unit = "";
    private bool _sampled;

    private StrictExposition(string text, bool openMetrics)
    {
        _openMetrics = openMetrics;
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\r", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\n\n", text, StringComparison.Ordinal);
        string[] lines = text.TrimEnd('\n').Split('\n');
        if (openMetrics)
        {
            Assert.Equal("# EOF", lines[^1]);
            lines = lines[..^1];
        }

        foreach (string line in lines)
        {
            Read(line);
        }

        CheckHistograms();
    }

    /// <summary>Type by family.</summary>
    public Dictionary<string, string> Types { get; } = [];

    /// <summary>Value by series: <c>name{labels}</c> as it was written.</summary>
    public Dictionary<string, double> Values { get; } = [];

    /// <summary>Exemplars by series.</summary>
    public Dictionary<string, string> Exemplars { get; } = [];

    public static StrictExposition OfPrometheus(string text) => new(text, openMetrics: false);

    public static StrictExposition OfOpenMetrics(string text) => new(text, openMetrics: true);

    private void Read(string line)
    {
        if (line.StartsWith('#'))
        {
            Match metadata = Metadata().Match(line);
            Assert.True(metadata.Success, $"bad metadata: {line}");
            ReadMetadata(metadata.Groups[1].Value, metadata.Groups[2].Value, metadata.Groups[3].Value, line);
        }
        else
        {
            ReadSample(line);
        }
    }

    private void ReadMetadata(string keyword, string name, string rest, string line)
    {
        if (name != _family)
        {
            Assert.True(_closed.Add(name), $"family twice: {line}");
            (_family, _type, _unit, _sampled) = (name, "", "", false);
        }

        Assert.False(_sampled, $"metadata after samples: {line}");
        switch (keyword)
        {
            case "TYPE":
                Assert.Equal("", _type);
                Assert.Contains(rest, _openMetrics
                    ? ["counter", "gauge", "histogram", "info", "unknown"]
                    : new[] { "counter", "gauge", "histogram" });
                Types.Add(name, _type = rest);
                break;
            case "UNIT":
                Assert.True(_openMetrics && _unit.Length == 0, line);
                Assert.EndsWith("_" + rest, name, StringComparison.Ordinal);
                _unit = rest;
                break;
            default:
                Assert.Matches(_openMetrics ? @"^(?:[^\\""]|\\[\\n""])+$" : @"^(?:[^\\]|\\[\\n])+$", rest);
                break;
        }
    }

    private void ReadSample(string line)
    {
        Match sample = Sample().Match(line);
        Assert.True(sample.Success, $"bad sample: {line}");
        string name = sample.Groups["name"].Value;
        string suffix = name.StartsWith(_family, StringComparison.Ordinal) ? name[_family.Length..] : "?";
        Assert.NotEqual("", _type);
        Assert.Contains(suffix, (_type, _openMetrics) switch
        {
            ("histogram", _) => ["_bucket", "_sum", "_count"],
            ("counter", true) => ["_total"],
            ("info", true) => ["_info"],
            _ => new[] { "" },
        });
        _sampled = true;
        string series = name + sample.Groups["labels"].Value;
        Assert.True(_series.Add(series), $"series twice: {series}");
        double value = Number(sample.Groups["value"].Value);
        Assert.True(_type != "counter" || value >= 0, line);
        Values.Add(series, value);
        string[] names = [.. LabelName().Matches(sample.Groups["labels"].Value).Select(match => match.Groups[1].Value)];
        Assert.Equal(names.Distinct(), names);
        if (sample.Groups["exemplar"].Success)
        {
            Assert.True(_openMetrics && suffix is "_bucket" or "_total", $"exemplar at a wrong place: {line}");
            Assert.True(sample.Groups["exemplar"].Length <= 128);
            Exemplars.Add(series, sample.Groups["exemplar"].Value);
        }
    }

    private void CheckHistograms()
    {
        foreach (string family in Types.Where(type => type.Value == "histogram").Select(type => type.Key))
        {
            var groups = Values.Where(item => item.Key.StartsWith(family + "_bucket{", StringComparison.Ordinal))
                .GroupBy(item => Le().Replace(item.Key[(family.Length + "_bucket".Length)..], ""));
            foreach (var group in groups)
            {
                (double Bound, double Count)[] buckets = [.. group.Select(item => (Number(Le().Match(item.Key).Groups[1].Value), item.Value))];
                Assert.Equal(buckets.OrderBy(bucket => bucket.Bound), buckets);
                Assert.Equal(buckets.OrderBy(bucket => bucket.Count), buckets);
                Assert.Equal(double.PositiveInfinity, buckets[^1].Bound);
                string labels = group.Key == "{}" ? "" : group.Key;
                Assert.Equal(buckets[^1].Count, Values[family + "_count" + labels]);
                Assert.True(Values.ContainsKey(family + "_sum" + labels));
            }
        }
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.Parse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex("^# (HELP|TYPE|UNIT) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$")]
    private static partial Regex Metadata();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<labels>\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\[\\n"])*",?)*\})? (?<value>[^ ]+)(?: # (?<exemplar>\{[^}]*\}) [^ ]+ [0-9]+\.[0-9]+)?$""")]
    private static partial Regex Sample();

    [GeneratedRegex(""",?le="([^"]*)"(?=})""")]
    private static partial Regex Le();

    [GeneratedRegex("""[{,]([a-zA-Z_][a-zA-Z0-9_]*)=""")]
    private static partial Regex LabelName();
}
