using System.Diagnostics;

namespace Slipway.Protocols.Metrics.Exposition;

/// <summary>One observation and the sampled trace that it belongs to.</summary>
/// <param name="TraceId">The trace.</param>
/// <param name="SpanId">The span that was current.</param>
/// <param name="Value">The observation.</param>
/// <param name="Time">When it was made.</param>
internal sealed record Exemplar(ActivityTraceId TraceId, ActivitySpanId SpanId, double Value, DateTimeOffset Time);
