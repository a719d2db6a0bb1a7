using Slipway.Core;
using Slipway.Pipelines.Definitions;

namespace Slipway.Pipelines.Binding;

/// <summary>The models that a pipeline asks.</summary>
internal static class BodyModels
{
    /// <summary>Names and versions, as often as they are written.</summary>
    public static IEnumerable<(string Model, VersionSelector Version)> Of(PipelineDefinition pipeline) =>
        pipeline.Steps.SelectMany(static step => Of(step.Body).Concat(step.Fallback is { } fallback ? Of(fallback) : []));

    private static IEnumerable<(string Model, VersionSelector Version)> Of(StepBody body) => body switch
    {
        ModelBody model => [(model.Model, model.Version)],
        SwitchBody choice => choice.Cases.Select(static one => one.Body).Append(choice.Otherwise).SelectMany(Of),
        CascadeBody cascade => cascade.Stages.Select(static stage => stage.Body).Append(cascade.Last).SelectMany(Of),
        _ => [],
    };
}
