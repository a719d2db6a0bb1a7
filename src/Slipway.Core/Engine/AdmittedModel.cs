namespace Slipway.Core;

/// <summary>A version that a gate let through.</summary>
/// <param name="artifact">The bytes that were judged, and no others.</param>
/// <param name="staged">Private copies to be removed when nobody opens files of <paramref name="artifact"/> any more; null: none. Handles that are open stay valid.</param>
public sealed class AdmittedModel(ModelArtifact artifact, IDisposable? staged = null) : IDisposable
{
    /// <summary>What is to be read.</summary>
    public ModelArtifact Artifact { get; } = artifact;

    /// <summary>Removes private copies.</summary>
    public void Dispose() => staged?.Dispose();
}
