using Slipway.Core;
using Slipway.Pipelines.Running;

namespace Slipway.Pipelines.Transforms;

/// <summary>A step that computes tensors from tensors on the thread that it is given. Immutable, thread-safe.</summary>
internal abstract class Transform : StepAction
{
    /// <inheritdoc/>
    public override ValueTask<StepResult> RunAsync(StepCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Compute(call.Inputs, call.Pipeline.Memory));
    }

    /// <summary>Computes.</summary>
    /// <param name="inputs">What it reads.</param>
    /// <param name="memory">Where results lie.</param>
    protected abstract StepResult Compute(IReadOnlyList<Tensor> inputs, RequestMemory memory);

    /// <summary>The configuration is wrong.</summary>
    public static SlipwayException Wrong(string message) => new(ErrorCode.InvalidConfiguration, message);

    /// <summary>What came at run time can't be computed with.</summary>
    public static SlipwayException Unfit(string message) => new(ErrorCode.ShapeMismatch, message);

    /// <summary>Values that can't be computed with.</summary>
    public static SlipwayException BadValue(string message) => new(ErrorCode.InvalidRequest, message);
}
