using Slipway.Core;
using Slipway.Inference.Loading;
using Slipway.Inference.Versions;

namespace Slipway.Inference.Serving;

/// <summary>Counts of what is in service. Thread-safe.</summary>
internal sealed class ModelStatistics(ModelDirectory directory) : IModelStatistics
{
    /// <inheritdoc/>
    public IReadOnlyList<VersionStatistics> GetStatistics(string? name, long? version)
    {
        if (name is null)
        {
            return [.. directory.Models.Values
                .OrderBy(static model => model.Name, StringComparer.Ordinal)
                .SelectMany(static model => model.Serving.Ready)
                .Select(Read)];
        }

        if (!directory.TryGet(name, out ModelState? model))
        {
            throw new SlipwayException(ErrorCode.ModelNotFound, $"Request for unknown model: '{name}' is not found");
        }

        IReadOnlyList<Servable> ready = model.Serving.Ready;
        if (version is not { } number)
        {
            return [.. ready.Select(Read)];
        }

        Servable servable = ready.FirstOrDefault(candidate => candidate.Info.Version == number)
            ?? throw new SlipwayException(ErrorCode.VersionNotFound, $"Request for unknown model: '{name}' version {number} is not found");
        return [Read(servable)];
    }

    private static VersionStatistics Read(Servable servable) =>
        servable.Statistics.Read(servable.Info.ModelName, servable.Info.Version, servable.MemoryBytes, servable.Pending);
}
