using System.Globalization;
using Slipway.Core;
using Slipway.Protocols.Tracing;

namespace Slipway.Protocols.OpenInference.Settings;

/// <summary>
/// Triton's trace extension over the sampling of requests: spans go out by OpenTelemetry, so that its mode is always <c>opentelemetry</c>, and level
/// <c>TIMESTAMPS</c> is what there is. Settings are the server's; a model has none of its own.
/// </summary>
internal sealed class TraceSettings(TraceSampling? sampling = null)
{
    /// <summary>The setting whose value is a list, in JSON too.</summary>
    public const string LevelKey = "trace_level";

    private const string Off = "OFF";
    private const string Timestamps = "TIMESTAMPS";
    private const string Mode = "opentelemetry";

    /// <summary>All settings in Triton's order; each is a list, of one text but for the level's.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Read()
    {
        Sampling now = sampling?.Now ?? new Sampling(isOn: false, ratio: 1);
        return
        [
            new(LevelKey, now.IsOn ? Timestamps : Off),
            new("trace_rate", Text((long)Math.Round(1 / now.Ratio))),
            new("trace_count", Text(now.Left)),
            new("trace_mode", Mode),
        ];
    }

    /// <summary>Changes the settings that are given, all or none. An empty list puts the configured value back.</summary>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.InvalidRequest"/> for an unknown setting or an impossible value, <see cref="ErrorCode.NotSupported"/> for what there is not,
    /// <see cref="ErrorCode.FailedPrecondition"/> where no traces are exported.
    /// </exception>
    public void Change(IReadOnlyCollection<KeyValuePair<string, IReadOnlyList<string>>> settings)
    {
        if (settings.Count == 0)
        {
            return;
        }

        if (sampling is null)
        {
            throw new SlipwayException(ErrorCode.FailedPrecondition, "no traces are exported: the server's configuration names no collector (telemetry.endpoint)");
        }

        Sampling now = sampling.Now;
        (bool isOn, double ratio, long most) = (now.IsOn, now.Ratio, now.Left);
        foreach ((string name, IReadOnlyList<string> values) in settings)
        {
            switch (name)
            {
                case LevelKey:
                    isOn = values.Count == 0 ? sampling.Configured.IsOn : Level(values);
                    break;
                case "trace_rate":
                    ratio = values.Count == 0 ? sampling.Configured.Ratio : 1.0 / Number(name, values, least: 1);
                    break;
                case "trace_count":
                    most = values.Count == 0 ? -1 : Number(name, values, least: -1);
                    break;
                case "trace_mode" when values is [] or [Mode]:
                    break;
                case "trace_mode" or "trace_file" or "log_frequency":
                    throw new SlipwayException(ErrorCode.NotSupported, $"trace setting '{name}' can't be changed: traces are exported by OpenTelemetry");
                default:
                    throw new SlipwayException(ErrorCode.InvalidRequest, $"unknown trace setting '{name}'; there are trace_level, trace_rate and trace_count");
            }
        }

        sampling.Set(new Sampling(isOn, ratio, most));
    }

    /// <summary>The refusal of settings for one model.</summary>
    public static SlipwayException NotOfModels() => new(
        ErrorCode.NotSupported, "a model has no trace settings of its own; those of the server are changed without the name of a model");

    private static bool Level(IReadOnlyList<string> values)
    {
        if (values.Contains("TENSORS"))
        {
            throw new SlipwayException(ErrorCode.NotSupported, "trace level 'TENSORS' is not offered: values of tensors are never traced");
        }

        return values is [Timestamps or Off]
            ? values[0] == Timestamps
            : throw new SlipwayException(ErrorCode.InvalidRequest, $"trace_level must be '{Off}' or '{Timestamps}'");
    }

    private static long Number(string name, IReadOnlyList<string> values, long least) =>
        values.Count == 1 && long.TryParse(values[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= least
            ? number
            : throw new SlipwayException(ErrorCode.InvalidRequest, $"trace setting '{name}' must be a whole number of {least} or more");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
