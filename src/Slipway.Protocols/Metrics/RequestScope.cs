namespace Slipway.Protocols.Metrics;

/// <summary>A request that <see cref="ProtocolMetrics.Start"/> began to count; handed back to <see cref="ProtocolMetrics.Stop"/> once.</summary>
/// <param name="Operation">What kind of request it is.</param>
/// <param name="Started">When it began, as a <see cref="TimeProvider.GetTimestamp"/> value.</param>
public readonly record struct RequestScope(ProtocolOperation Operation, long Started);
