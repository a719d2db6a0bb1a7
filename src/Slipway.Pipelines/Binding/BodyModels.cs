using Slipway.Core;
using Slipway.Pipelines.Definitions;

namespace Slipway.Pipelines.Binding;

/// <summary>The models, endpoints and pipelines that a pipeline asks.</summary>
internal static class BodyModels
{
    /// <summary>Names and versions, as often as they are written, each with the key it stands under, relative to the pipeline.</summary>
    public static IEnumerable<AskedModel> Of(PipelineDefinition pipeline) => pipeline.Steps.SelectMany(static step =>
        Of(step.Body, $"steps.{step.Name}").Concat(step.Fallback is { } fallback ? Of(fallback, $"steps.{step.Name}.fallback") : []));

    private static IEnumerable<AskedModel> Of(StepBody body, string key) => body switch
    {
        ModelBody model => [new AskedModel(model.Model, model.Version, $"{key}.model")],
        SwitchBody choice => choice.Cases.Select(static one => one.Body).Append(choice.Otherwise).SelectMany((one, place) => Of(one, $"{key}.switch[{place}]")),
        CascadeBody cascade => cascade.Stages.Select(static stage => stage.Body).Append(cascade.Last).SelectMany((one, place) => Of(one, $"{key}.cascade[{place}]")),
        _ => [],
    };
}

/// <summary>Something that a step asks.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Version">Which version of it.</param>
/// <param name="Key">Where it is written.</param>
internal readonly record struct AskedModel(string Model, VersionSelector Version, string Key);
