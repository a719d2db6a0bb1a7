using Slipway.Formats.Onnx.Building;

namespace Slipway.TensorFlow.Drafting;

/// <summary>A node of the graph that is being drafted.</summary>
internal sealed class Step
{
    /// <summary>ONNX operator.</summary>
    public required string Operation { get; init; }

    /// <summary>Its domain; empty for ONNX's own.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Inputs; null where an optional one is left out.</summary>
    public required IReadOnlyList<Term?> Inputs { get; init; }

    public IReadOnlyList<NodeAttribute> Attributes { get; init; } = [];

    /// <summary>Graphs that the node runs, in the order of its attributes.</summary>
    public IReadOnlyList<StepBody> Bodies { get; init; } = [];

    /// <summary>The deepest graph among those of the inputs: a step that depends on nothing of a body lies outside of it.</summary>
    public required Scope Scope { get; init; }

    /// <summary>What the step was made for, to name its outputs by.</summary>
    public required string Label { get; init; }

    /// <summary>Order of dimensions of a Transpose; null for other operators.</summary>
    public long[]? Permutation { get; init; }

    /// <summary>Whether the step only narrows numbers that are sure to fit, such as sizes: it can be undone.</summary>
    public bool IsLossless { get; init; }

    public IReadOnlyList<Term> Outputs { get; set; } = [];
}

/// <summary>A graph that a Loop or If runs.</summary>
/// <param name="Attribute">Name of the node's attribute.</param>
/// <param name="Inputs">Its own inputs.</param>
/// <param name="Outputs">Its outputs; they may be terms of graphs around it.</param>
internal sealed record StepBody(string Attribute, Scope Scope, IReadOnlyList<Term> Inputs, IReadOnlyList<Term> Outputs);
