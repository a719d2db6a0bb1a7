namespace Slipway.Traffic.Rollouts;

/// <summary>A report about an answer that this replica doesn't know; another one may have given it. Keys are hashes, so that nothing about callers is written down.</summary>
/// <param name="Endpoint">Name of the endpoint.</param>
/// <param name="Metric">What is reported.</param>
/// <param name="Key">Hash of the request's id, or of the entity's key.</param>
/// <param name="IsEntity">Which of both.</param>
/// <param name="Value">How much.</param>
internal sealed record StrayReport(string Endpoint, string Metric, ulong Key, bool IsEntity, double Value);
