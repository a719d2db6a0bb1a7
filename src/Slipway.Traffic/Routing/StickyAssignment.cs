namespace Slipway.Traffic.Routing;

/// <summary>Where the weights send an entity.</summary>
/// <param name="Endpoint">Name of the endpoint.</param>
/// <param name="Arm">Name of the arm.</param>
/// <param name="Entity">Hash of the entity's key.</param>
public readonly record struct StickyAssignment(string Endpoint, string Arm, ulong Entity);
