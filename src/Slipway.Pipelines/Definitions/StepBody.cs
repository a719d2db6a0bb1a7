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

    /// <summary>The outputs asked for and the names that they get; empty: those that others read, or the model's default ones.</summary>
    public IReadOnlyList<ModelOutput> Outputs { get; init; } = [];
}

/// <summary>An output of a model under a name of the pipeline's own.</summary>
/// <param name="Name">Name in the pipeline.</param>
/// <param name="Of">Name in the model.</param>
public sealed record ModelOutput(string Name, string Of);

/// <summary>Gives the same values for every row.</summary>
/// <param name="Outputs">The values of one row.</param>
public sealed record ConstantBody(IReadOnlyList<ConstantOutput> Outputs) : StepBody;

/// <summary>One output of a <see cref="ConstantBody"/>.</summary>
/// <param name="Name">Name.</param>
/// <param name="DataType">Element type.</param>
/// <param name="Shape">Shape; a first dimension of -1 is repeated for every row of the request, all others are fixed.</param>
/// <param name="Data">Elements of one row, or all of them, as <see cref="Tensor.Data"/> has them.</param>
public sealed record ConstantOutput(string Name, TensorDataType DataType, TensorShape Shape, ReadOnlyMemory<byte> Data);

/// <summary>Sends every row to the first branch whose condition holds for it. All branches give the same outputs.</summary>
/// <param name="Cases">Conditions and branches.</param>
/// <param name="Otherwise">The branch for all other rows.</param>
public sealed record SwitchBody(IReadOnlyList<SwitchCase> Cases, StepBody Otherwise) : StepBody;

/// <summary>A branch of a <see cref="SwitchBody"/>.</summary>
/// <param name="When">Its condition, an expression that is true or false for each row.</param>
/// <param name="Body">What it does.</param>
public sealed record SwitchCase(string When, StepBody Body);

/// <summary>Asks one branch after the other: rows whose answer is accepted are done, the others go on. All branches give the same outputs.</summary>
/// <param name="Stages">Branches with the condition that accepts their answer, which may read it by the names of its outputs.</param>
/// <param name="Last">The last branch; its answer stands.</param>
public sealed record CascadeBody(IReadOnlyList<CascadeStage> Stages, StepBody Last) : StepBody;

/// <summary>A branch of a <see cref="CascadeBody"/> that is not the last.</summary>
/// <param name="Body">What it does.</param>
/// <param name="Accept">Which answers are accepted, an expression that is true or false for each row.</param>
public sealed record CascadeStage(StepBody Body, string Accept);

/// <summary>Computes outputs row by row with expressions.</summary>
/// <param name="Text">Definitions <c>name = expression</c>, one a line or divided by semicolons; <c>let name = …</c> is not an output.</param>
public sealed record RulesBody(string Text) : StepBody
{
    /// <summary>Other names for what is read, for names that expressions can't say: name to <c>step</c>, <c>step.output</c> or an input.</summary>
    public IReadOnlyDictionary<string, string> Inputs { get; init; } = new Dictionary<string, string>();
}
