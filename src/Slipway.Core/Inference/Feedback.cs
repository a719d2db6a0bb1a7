namespace Slipway.Core;

/// <summary>What became known later about an answered request: a reward, a cost, whether it was right. Immutable.</summary>
/// <param name="Endpoint">Name of the endpoint that answered.</param>
/// <param name="Metric">What is reported.</param>
/// <param name="Value">How much; finite.</param>
public sealed record Feedback(string Endpoint, string Metric, double Value)
{
    /// <summary>The id that the request had (<see cref="InferenceRequest.Id"/>); null when <see cref="EntityKey"/> is given.</summary>
    public string? RequestId { get; init; }

    /// <summary>The key of the entity that the request was about, as the endpoint's sticky assignment saw it; null when <see cref="RequestId"/> is given.</summary>
    public string? EntityKey { get; init; }

    /// <summary>When it happened; null: now.</summary>
    public DateTimeOffset? Time { get; init; }
}
