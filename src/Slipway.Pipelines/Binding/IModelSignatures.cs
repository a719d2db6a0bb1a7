using Slipway.Core;

namespace Slipway.Pipelines.Binding;

/// <summary>Knows what models take and give.</summary>
public interface IModelSignatures
{
    /// <summary>The version that a request would reach.</summary>
    ModelFinding Find(string model, VersionSelector version);
}

/// <summary>What is known of a model.</summary>
/// <param name="Servable">The version; null when it is not there, or nobody knows yet.</param>
/// <param name="Problem">Why it is not there; null when nobody knows: then nothing that depends on it is checked.</param>
public readonly record struct ModelFinding(ServableInfo? Servable, string? Problem)
{
    /// <summary>Whether it is not there because no request has had it loaded yet.</summary>
    public bool LoadsOnDemand { get; init; }

    /// <summary>Nobody knows.</summary>
    public static ModelFinding Unknown => default;
}
