namespace Slipway.Core;

/// <summary>All models of a source at one moment. Immutable.</summary>
/// <param name="Models">Models by name.</param>
public sealed record DesiredState(IReadOnlyDictionary<string, DesiredModel> Models);

/// <summary>One model of a source. Immutable.</summary>
/// <param name="Name">Name of the model.</param>
/// <param name="Config">How it is to be served.</param>
/// <param name="Versions">The versions there are, by number; the version policy chooses among them.</param>
public sealed record DesiredModel(string Name, ModelConfig Config, IReadOnlyDictionary<long, ModelArtifact> Versions)
{
    /// <summary>
    /// Why the model can't be served as it is configured, for operators (a wrong key in <c>model.yaml</c> …). Null when all is well.
    /// While there is a problem, versions that are in service stay.
    /// </summary>
    public string? Problem { get; init; }

    /// <summary>Why the source names no version to serve, for callers; null when it names some, or there is nothing to say.</summary>
    public string? NothingToServe { get; init; }

    /// <summary>Things that an operator may want to know: configuration that was understood but means nothing here.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}
