namespace Slipway.Protocols.Metrics.Exposition;

/// <summary>Turns the names and units of instruments into those of Prometheus, as OpenTelemetry's compatibility rules say.</summary>
internal static class MetricNames
{
    /// <summary>
    /// <c>slipway.server.request.duration</c> with unit <c>seconds</c> becomes <c>slipway_server_request_duration_seconds</c>. A name that is a path
    /// (<c>/tensorflow/serving/x</c>) keeps TensorFlow Serving's own form, <c>:tensorflow:serving:x</c>.
    /// </summary>
    public static string Family(string instrument, string unit)
    {
        if (instrument.StartsWith('/'))
        {
            return Replace(instrument, ':', allowColon: true);
        }

        string name = Replace(instrument, '_', allowColon: true);
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
        {
            name = "_" + name;
        }

        return unit.Length == 0 || name == unit || name.EndsWith("_" + unit, StringComparison.Ordinal) ? name : $"{name}_{unit}";
    }

    /// <summary>The word for a UCUM unit; annotations such as <c>{request}</c> and unknown units have none.</summary>
    public static string Unit(string? unit) => unit switch
    {
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "Cel" => "celsius",
        "%" => "percent",
        _ => "",
    };

    /// <summary>A valid label name; <c>le</c> is the format's own, and names with <c>__</c> in front are reserved.</summary>
    public static string Label(string key)
    {
        string name = Replace(key, '_', allowColon: false);
        return name.Length == 0 || char.IsAsciiDigit(name[0]) ? "_" + name
            : name.StartsWith("__", StringComparison.Ordinal) ? "key" + name
            : name is "le" or "quantile" ? "exported_" + name
            : name;
    }

    private static string Replace(string text, char by, bool allowColon) => string.Create(text.Length, (text, by, allowColon), static (into, state) =>
    {
        for (int i = 0; i < into.Length; i++)
        {
            char letter = state.text[i];
            into[i] = char.IsAsciiLetterOrDigit(letter) || letter == '_' || (letter == ':' && state.allowColon) ? letter : state.by;
        }
    });
}
