using Slipway.Core;

namespace Slipway.Pipelines.Running;

/// <summary>
/// What a step gave, in the order of its outputs. Whoever holds it disposes it once, and the memory with it; the tensors themselves are not disposed.
/// </summary>
internal sealed class StepResult : IDisposable
{
    private readonly IDisposable? _owner;

    public StepResult(IReadOnlyList<Tensor> tensors, IDisposable? owner)
    {
        (Tensors, _owner) = (tensors, owner);
    }

    /// <summary>The tensors.</summary>
    public IReadOnlyList<Tensor> Tensors { get; }

    /// <summary>The result of tensors that own their memory.</summary>
    public static StepResult Owning(params IReadOnlyList<Tensor> tensors) => new(tensors, new TensorOwner(tensors));

    /// <inheritdoc/>
    public void Dispose() => _owner?.Dispose();

    private sealed class TensorOwner(IReadOnlyList<Tensor> tensors) : IDisposable
    {
        public void Dispose()
        {
            foreach (Tensor tensor in tensors)
            {
                tensor.Dispose();
            }
        }
    }
}
