namespace Slipway.Client.Registry;

/// <summary>What a version was made from, and what was made from it; one step each way.</summary>
/// <param name="Version">The version.</param>
/// <param name="Run">Run that made it; null when unknown.</param>
/// <param name="Datasets">What that run read.</param>
/// <param name="Parent">Version that it was made from; null when none.</param>
/// <param name="Children">Versions made from it.</param>
/// <param name="SameData">Other versions, of any model, trained on data with the same digest.</param>
/// <param name="SameContent">Other versions, of any model, that hold the same files.</param>
public sealed record RegistryLineage(
    RegistryVersion Version,
    LineageRun? Run,
    IReadOnlyList<LineageDataset> Datasets,
    RegistryVersion? Parent,
    IReadOnlyList<RegistryVersion> Children,
    IReadOnlyList<RegistryVersion> SameData,
    IReadOnlyList<RegistryVersion> SameContent);

/// <summary>A run that made a version.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="ExperimentId">Experiment that it belongs to.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Status"><c>running</c>, <c>scheduled</c>, <c>finished</c>, <c>failed</c> or <c>killed</c>.</param>
/// <param name="Parameters">Parameters by key.</param>
public sealed record LineageRun(string Id, string ExperimentId, string Name, string Status, IReadOnlyDictionary<string, string> Parameters);

/// <summary>A dataset that a run read.</summary>
/// <param name="Name">Name.</param>
/// <param name="Digest">Digest as the client computed it.</param>
/// <param name="Source">Source as JSON or URI.</param>
public sealed record LineageDataset(string Name, string Digest, string Source);
