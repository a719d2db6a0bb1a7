namespace Slipway.Core;

/// <summary>
/// Endpoint metadata: which models and experiments a request may touch is checked where the work is done, so that a role for some of them is enough to be let in. A route without it
/// asks for its permission for all models, except those permissions that are always given per model.
/// </summary>
public sealed record CheckedByName
{
    /// <summary>The only one.</summary>
    public static CheckedByName Instance { get; } = new();
}
