using Slipway.Core;

namespace Slipway.Pipelines.Definitions;

/// <summary>Several models and steps that are called as one model. Immutable.</summary>
public sealed record PipelineDefinition
{
    /// <summary>Name that callers call; a name of its own among models and endpoints.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// What callers send. A first dimension of -1 stands for the rows of a request: all inputs that have it have as many rows as each other.
    /// </summary>
    public required IReadOnlyList<TensorSignature> Inputs { get; init; }

    /// <summary>The steps, in any order: a step runs when what it reads is there.</summary>
    public required IReadOnlyList<StepDefinition> Steps { get; init; }

    /// <summary>What callers get, in order.</summary>
    public required IReadOnlyList<PipelineOutput> Outputs { get; init; }

    /// <summary>Longest a request may take; null (default): as long as its caller waits.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Most requests at once, the rest is refused as overloaded. Default 256.</summary>
    public int MaxConcurrentRequests { get; init; } = 256;

    /// <summary>Most bytes that one request's intermediate tensors may take at a time. Default 256 MiB.</summary>
    public long MaxBytes { get; init; } = 256L << 20;

    /// <summary>The definition's own text in a canonical form; its digest is part of what answers are labelled with.</summary>
    public string Text { get; init; } = "";
}

/// <summary>One output of a pipeline.</summary>
/// <param name="Name">Name that callers see.</param>
/// <param name="From">Where it comes from: <c>step</c>, <c>step.output</c> or an input.</param>
public sealed record PipelineOutput(string Name, string From);
