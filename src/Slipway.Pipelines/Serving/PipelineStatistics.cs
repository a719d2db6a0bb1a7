using System.Collections.Frozen;
using Slipway.Core;
using Slipway.Pipelines.Binding;

namespace Slipway.Pipelines.Serving;

/// <summary>Statistics of pipelines beside those of models. Thread-safe.</summary>
internal sealed class PipelineStatistics(IModelStatistics inner, FrozenDictionary<string, PipelineState> pipelines) : IModelStatistics
{
    /// <inheritdoc/>
    public IReadOnlyList<VersionStatistics> GetStatistics(string? name, long? version)
    {
        if (name is null)
        {
            return [.. inner.GetStatistics(null, version).Concat(pipelines.Values.Select(Read)).OrderBy(static one => one.ModelName, StringComparer.Ordinal)];
        }

        if (!pipelines.TryGetValue(name, out PipelineState? pipeline))
        {
            return inner.GetStatistics(name, version);
        }

        PipelineRefusals.CheckVersion(name, version is { } number ? VersionSelector.Exact(number) : default);
        return [Read(pipeline)];
    }

    private static VersionStatistics Read(PipelineState pipeline) => pipeline.Counts.Read(pipeline.Definition.Name, PipelineBinder.Version);
}
