using Slipway.Core;

namespace Slipway.Protocols.SageMaker;

/// <summary>What an invocation asks.</summary>
/// <param name="Inputs">Inputs; the caller's.</param>
/// <param name="Wrapped">Whether the answer stands under the key <c>predictions</c>, as MLflow's callers expect, or alone.</param>
internal readonly record struct InvocationBody(List<Tensor> Inputs, bool Wrapped)
{
    /// <summary>Whether the inputs came as a data frame.</summary>
    public bool IsFrame { get; init; }
}
