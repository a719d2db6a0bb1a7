using System.Buffers;
using System.Globalization;
using System.Text;

namespace Slipway.Protocols.Metrics.Exposition;

/// <summary>Writes metric families in one of the text formats. Not thread-safe.</summary>
internal sealed class ExpositionWriter(IBufferWriter<byte> output, ExpositionFormat format)
{
    private readonly bool _openMetrics = format == ExpositionFormat.OpenMetrics;

    /// <summary>Writes a family: its metadata, then its samples. A family without series is left out.</summary>
    public void Write(MetricFamily family)
    {
        if (family.Points.Count == 0)
        {
            return;
        }

        // OpenMetrics names the family, 0.0.4 the sample: they differ by the suffix.
        string suffix = Suffix(family.Kind);
        WriteMetadata(family, _openMetrics ? family.Name : family.Name + suffix);
        foreach (MetricPoint point in family.Points)
        {
            if (point.Histogram is { } histogram)
            {
                WriteHistogram(family.Name, point.Labels, histogram);
            }
            else
            {
                WriteSample(family.Name, suffix, point.Labels, null, point.Value);
                Text("\n"u8);
            }
        }
    }

    /// <summary>Writes what ends an exposition.</summary>
    public void Complete()
    {
        if (_openMetrics)
        {
            Text("# EOF\n"u8);
        }
    }

    private static string Suffix(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "_total",
        MetricKind.Info => "_info",
        _ => "",
    };

    private void WriteMetadata(MetricFamily family, string name)
    {
        if (family.Help.Length > 0)
        {
            Text("# HELP "u8);
            Text(name);
            Text(" "u8);
            Text(EscapeHelp(family.Help));
            Text("\n"u8);
        }

        Text("# TYPE "u8);
        Text(name);
        Text(TypeName(family.Kind));
        if (_openMetrics && family.Unit.Length > 0)
        {
            Text("# UNIT "u8);
            Text(name);
            Text(" "u8);
            Text(family.Unit);
            Text("\n"u8);
        }
    }

    private ReadOnlySpan<byte> TypeName(MetricKind kind) => kind switch
    {
        MetricKind.Counter => " counter\n"u8,
        MetricKind.Histogram => " histogram\n"u8,
        MetricKind.Info when _openMetrics => " info\n"u8,
        MetricKind.ForeignCounter => _openMetrics ? " unknown\n"u8 : " counter\n"u8,
        _ => " gauge\n"u8,
    };

    private void WriteHistogram(string name, LabelSet labels, HistogramSnapshot histogram)
    {
        long cumulative = 0;
        for (int i = 0; i < histogram.Counts.Count; i++)
        {
            cumulative += histogram.Counts[i];
            WriteSample(name, "_bucket", labels, i < histogram.Bounds.Count ? Bound(histogram.Bounds[i]) : "+Inf", cumulative);
            if (_openMetrics && i < histogram.Exemplars.Count && histogram.Exemplars[i] is { } exemplar)
            {
                WriteExemplar(exemplar);
            }

            Text("\n"u8);
        }

        WriteSample(name, "_sum", labels, null, histogram.Sum);
        Text("\n"u8);
        WriteSample(name, "_count", labels, null, cumulative);
        Text("\n"u8);
    }

    private void WriteSample(string name, string suffix, LabelSet labels, string? bound, double value)
    {
        Text(name);
        Text(suffix);
        if (bound is not null || !labels.Utf8.IsEmpty)
        {
            Text("{"u8);
            Text(labels.Utf8.Span);
            if (bound is not null)
            {
                Text(labels.Utf8.IsEmpty ? "le=\""u8 : ",le=\""u8);
                Text(bound);
                Text("\""u8);
            }

            Text("}"u8);
        }

        Text(" "u8);
        Number(value);
    }

    private void WriteExemplar(Exemplar exemplar)
    {
        Text(" # {trace_id=\""u8);
        Text(exemplar.TraceId.ToHexString());
        Text("\",span_id=\""u8);
        Text(exemplar.SpanId.ToHexString());
        Text("\"} "u8);
        Number(exemplar.Value);
        Text(" "u8);
        Text((exemplar.Time.ToUnixTimeMilliseconds() / 1000.0).ToString("0.000", CultureInfo.InvariantCulture));
    }

    private string EscapeHelp(string help)
    {
        string escaped = help.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return _openMetrics ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    // OpenMetrics, "Considerations: Canonical Numbers". The old format accepts the same text, and a series keeps its name when the format changes.
    private static string Bound(double bound)
    {
        double size = Math.Abs(bound);
        return size >= 1e6 || (size < 1e-4 && size > 0) ? bound.ToString("0.################e+00", CultureInfo.InvariantCulture)
            : bound == Math.Truncate(bound) ? bound.ToString("0.0", CultureInfo.InvariantCulture)
            : bound.ToString("R", CultureInfo.InvariantCulture);
    }

    private void Number(double value)
    {
        if (!double.IsFinite(value))
        {
            Text(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "+Inf"u8 : "-Inf"u8);
            return;
        }

        value.TryFormat(output.GetSpan(32), out int written, "R", CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    private void Text(ReadOnlySpan<byte> text) => output.Write(text);

    private void Text(string text) => Encoding.UTF8.GetBytes(text, output);
}
