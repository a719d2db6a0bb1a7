namespace Slipway.Client.Management;

/// <summary>A refusal of the management API (<c>application/problem+json</c>, RFC 9457).</summary>
/// <param name="Title">What happened, for people.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">The server's error code, such as <c>ModelNotFound</c>.</param>
/// <param name="TraceId">Finds the request in logs and traces; null when it is not traced.</param>
public sealed record Problem(string Title, int Status, string Code, string? TraceId);
