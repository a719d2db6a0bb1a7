using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Neighbors;

/// <summary>A field that nearest neighbours predict.</summary>
/// <param name="Name">Name.</param>
/// <param name="Type">Type of its values.</param>
/// <param name="IsCategory">Whether neighbours vote for it; else they are averaged.</param>
/// <param name="Slot">Where the prediction goes.</param>
/// <param name="Values">Its value at each training instance.</param>
internal sealed record NeighborTarget(string Name, PmmlType Type, bool IsCategory, int Slot, double[] Values);
