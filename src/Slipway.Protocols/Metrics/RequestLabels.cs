using Slipway.Core;

namespace Slipway.Protocols.Metrics;

/// <summary>The instruments of requests under the labels of one operation, one version and one outcome.</summary>
/// <param name="Servable">The version that was asked; null: none was found.</param>
/// <param name="Error">Why it failed; null when it was answered.</param>
/// <param name="Duration">How long requests took, in seconds.</param>
/// <param name="Encode">How long writing their answers took, in seconds.</param>
/// <param name="Received">Bytes of their bodies.</param>
/// <param name="Sent">Bytes of their answers.</param>
internal sealed record RequestLabels(
    ServableInfo? Servable,
    ErrorCode? Error,
    LabeledHistogram<double> Duration,
    LabeledHistogram<double> Encode,
    LabeledCounter Received,
    LabeledCounter Sent);
