namespace Slipway.Core;

/// <summary>Counts since each version was loaded. Thread-safe.</summary>
public interface IModelStatistics
{
    /// <summary>
    /// Statistics of the ready versions of one model, or of all when <paramref name="name"/> is null; of one version when <paramref name="version"/> is given.
    /// </summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.ModelNotFound"/>, <see cref="ErrorCode.VersionNotFound"/>.</exception>
    IReadOnlyList<VersionStatistics> GetStatistics(string? name, long? version);
}
