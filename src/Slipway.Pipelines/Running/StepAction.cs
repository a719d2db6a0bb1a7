using Slipway.Core;

namespace Slipway.Pipelines.Running;

/// <summary>A step whose inputs and outputs are known and fit: what it reads is given in this order. Immutable, thread-safe.</summary>
internal abstract class StepAction
{
    /// <summary>Where what it reads comes from: positions among the pipeline's values.</summary>
    public required IReadOnlyList<int> Inputs { get; init; }

    /// <summary>What it gives, in order.</summary>
    public required IReadOnlyList<TensorSignature> Outputs { get; init; }

    /// <summary>Whether the outputs lie in the memory of the inputs, which must live as long.</summary>
    public virtual bool IsView => false;

    /// <summary>Does it.</summary>
    /// <param name="call">Inputs and the request.</param>
    /// <param name="cancellationToken">The request is over, or this attempt's time.</param>
    /// <exception cref="SlipwayException">It failed; the message says how, and names neither pipeline nor step.</exception>
    public abstract ValueTask<StepResult> RunAsync(StepCall call, CancellationToken cancellationToken);
}
