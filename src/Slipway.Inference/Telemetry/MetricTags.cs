using Slipway.Core;

namespace Slipway.Inference.Telemetry;

/// <summary>Tags of a model's metrics: <c>model</c>, <c>version</c> and those that its owner configured. Bounded by what is configured, never by callers.</summary>
internal static class MetricTags
{
    /// <summary>Tags of a version, with room for one more at the end when <paramref name="last"/> is given.</summary>
    public static KeyValuePair<string, object?>[] Of(string model, long version, ModelConfig config, KeyValuePair<string, object?>? last = null)
    {
        List<KeyValuePair<string, object?>> tags = [new("model", model), new("version", version)];
        foreach ((string name, string value) in config.MetricTags)
        {
            if (name is not ("model" or "version" or "code" or "reason" or "result"))
            {
                tags.Add(new(name, value));
            }
        }

        if (last is { } tag)
        {
            tags.Add(tag);
        }

        return [.. tags];
    }
}
