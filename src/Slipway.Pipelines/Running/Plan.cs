using Slipway.Core;
using Slipway.Pipelines.Definitions;

namespace Slipway.Pipelines.Running;

/// <summary>A pipeline that fits the models there are: ready to run. Immutable, thread-safe.</summary>
internal sealed class Plan
{
    /// <summary>What was asked for.</summary>
    public required PipelineDefinition Definition { get; init; }

    /// <summary>The pipeline as callers see it.</summary>
    public required ServableInfo Info { get; init; }

    /// <summary>The steps, each behind those that it reads from.</summary>
    public required IReadOnlyList<PlanStep> Steps { get; init; }

    /// <summary>The outputs and the values that they are.</summary>
    public required IReadOnlyList<(string Name, int Value)> Outputs { get; init; }

    /// <summary>How many values there are: inputs first, then the outputs of the steps.</summary>
    public required int Values { get; init; }

    /// <summary>The models it was checked with.</summary>
    public required IReadOnlyList<PlanModel> Models { get; init; }
}

/// <summary>A model that a plan was checked with.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Which version was asked for.</param>
/// <param name="Servable">The version that was there.</param>
internal sealed record PlanModel(string Name, VersionSelector Version, ServableInfo Servable);

/// <summary>One step of a <see cref="Plan"/>.</summary>
internal sealed class PlanStep
{
    /// <summary>Its definition.</summary>
    public required StepDefinition Definition { get; init; }

    /// <summary>What it does.</summary>
    public required StepAction Action { get; init; }

    /// <summary>What is done instead when it has failed; null: nothing.</summary>
    public StepAction? Fallback { get; init; }

    /// <summary>Whether its outputs lie in the memory of what it reads.</summary>
    public bool IsView => Action.IsView || Fallback is { IsView: true };

    /// <summary>Position of its first output among the values.</summary>
    public required int FirstValue { get; init; }

    /// <summary>The steps that read from it.</summary>
    public required IReadOnlyList<int> Dependents { get; init; }

    /// <summary>The steps that it reads from, each once; behind a view also those whose memory it shows.</summary>
    public required IReadOnlyList<int> Sources { get; init; }

    /// <summary>Whether an output of the pipeline is its own, or lies in its memory.</summary>
    public required bool IsOutput { get; init; }
}
