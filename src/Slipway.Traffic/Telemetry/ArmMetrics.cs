using System.Text.Json;
using Slipway.Core;

namespace Slipway.Traffic.Telemetry;

/// <summary>Records what one arm does; its tags are made once. Nothing is computed while nobody listens. Thread-safe.</summary>
/// <param name="metrics">The instruments.</param>
/// <param name="endpoint">Name of the endpoint.</param>
/// <param name="arm">Name of the arm.</param>
internal sealed class ArmMetrics(TrafficMetrics metrics, string endpoint, string arm)
{
    private static readonly int Codes = (int)Enum.GetValues<ErrorCode>().Max() + 1;

    private readonly KeyValuePair<string, object?>[] _ok = TagsOf(endpoint, arm, "ok");
    private readonly KeyValuePair<string, object?>[]?[] _failed = new KeyValuePair<string, object?>[]?[Codes];

    /// <summary>A request is over.</summary>
    /// <param name="failure">How it failed; null: it was answered.</param>
    /// <param name="duration">How long it took.</param>
    public void Record(ErrorCode? failure, TimeSpan duration)
    {
        if (metrics.RequestDuration.Enabled)
        {
            metrics.RequestDuration.Record(duration.TotalSeconds, failure is { } code ? FailedAs(code) : _ok);
        }
    }

    private KeyValuePair<string, object?>[] FailedAs(ErrorCode code) => _failed[(int)code] ??= TagsOf(endpoint, arm, JsonNamingPolicy.SnakeCaseLower.ConvertName(code.ToString()));

    private static KeyValuePair<string, object?>[] TagsOf(string endpoint, string arm, string code) => [new("endpoint", endpoint), new("arm", arm), new("code", code)];
}
