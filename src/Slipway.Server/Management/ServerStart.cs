namespace Slipway.Server.Management;

/// <summary>When the server was put together.</summary>
/// <param name="Time">The moment.</param>
internal sealed record ServerStart(DateTimeOffset Time);
