namespace Slipway.Client.Management;

/// <summary>A running server, as its management API describes it.</summary>
/// <param name="Name">Always <c>slipway</c>.</param>
/// <param name="Version">Version of the program.</param>
/// <param name="Ready">Whether it takes requests: models have been tried and it has not been told to stop.</param>
/// <param name="Started">When it started.</param>
/// <param name="Listeners">Where it listens, by name of the listener.</param>
public sealed record ServerDescription(
    string Name, string Version, bool Ready, DateTimeOffset Started, IReadOnlyDictionary<string, string> Listeners)
{
    /// <summary>The stores that the registry is in; empty where the server keeps nothing.</summary>
    public IReadOnlyList<StoreDescription> Stores { get; init; } = [];
}
