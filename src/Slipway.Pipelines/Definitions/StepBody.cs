using Slipway.Core;

namespace Slipway.Pipelines.Definitions;

/// <summary>What a step does. One record for each kind there is.</summary>
public abstract record StepBody
{
    /// <summary>Name of the only output of steps that have one.</summary>
    public const string Output = "output";
}

/// <summary>Asks a model, an endpoint or another pipeline.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Version">Which version of it.</param>
public sealed record ModelBody(string Model, VersionSelector Version) : StepBody
{
    /// <summary>Which of its signatures; empty: its own choice.</summary>
    public string Signature { get; init; } = "";

    /// <summary>What each of its inputs is given: input to <c>step</c>, <c>step.output</c> or an input of the pipeline.</summary>
    public required IReadOnlyDictionary<string, string> Inputs { get; init; }

    /// <summary>The outputs asked for; empty: those that others read, or the model's default ones.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];
}

/// <summary>Gives the same values for every row.</summary>
/// <param name="Outputs">The values of one row.</param>
public sealed record ConstantBody(IReadOnlyList<ConstantOutput> Outputs) : StepBody;

/// <summary>One output of a <see cref="ConstantBody"/>.</summary>
/// <param name="Name">Name.</param>
/// <param name="DataType">Element type.</param>
/// <param name="Shape">Shape; a first dimension of -1 is repeated for every row of the request, all others are fixed.</param>
/// <param name="Data">Elements of one row, or all of them, as <see cref="Tensor.Data"/> has them.</param>
public sealed record ConstantOutput(string Name, TensorDataType DataType, TensorShape Shape, ReadOnlyMemory<byte> Data);

/// <summary>Computes outputs row by row with expressions.</summary>
/// <param name="Text">Definitions <c>name = expression</c>, one a line or divided by semicolons; <c>let name = …</c> is not an output.</param>
public sealed record RulesBody(string Text) : StepBody
{
    /// <summary>Other names for what is read, for names that expressions can't say: name to <c>step</c>, <c>step.output</c> or an input.</summary>
    public IReadOnlyDictionary<string, string> Inputs { get; init; } = new Dictionary<string, string>();
}
