namespace Slipway.Server.Listeners;

/// <summary>On an endpoint: the planes it answers on. On a connection, as a feature: the plane of its listener.</summary>
/// <param name="Plane">One or both planes.</param>
public sealed record PlaneMetadata(Plane Plane);
