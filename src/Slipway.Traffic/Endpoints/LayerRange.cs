namespace Slipway.Traffic.Endpoints;

/// <summary>
/// A part of a layer's entities. Endpoints that share a layer and have ranges that don't overlap never divide the same entity: their experiments exclude each other.
/// </summary>
/// <param name="Name">Name of the layer; it salts the layer's own division.</param>
/// <param name="From">Where the part begins, in percent.</param>
/// <param name="To">Where it ends, in percent, above <paramref name="From"/>.</param>
public sealed record LayerRange(string Name, double From, double To)
{
    /// <summary>Whether two parts of one layer have entities in common.</summary>
    public bool Overlaps(LayerRange other) => Name == other.Name && From < other.To && other.From < To;
}
