namespace Slipway.Core;

/// <summary>
/// A model in the engine's memory. <see cref="Run"/> may be called from several threads at once; <see cref="IDisposable.Dispose"/> only after
/// every run has returned.
/// </summary>
public interface ILoadedModel : IDisposable
{
    /// <summary>
    /// Inputs and outputs as the engine has them, with <see cref="ModelSignature.IsBatchable"/> as the signature suggests (every input and output
    /// begins with a dimension of free size of the same name, or unnamed), unless the model is known to let rows look at each other.
    /// </summary>
    ModelSignature Signature { get; }

    /// <summary>Bytes of memory that loading took; 0 when the engine can't say.</summary>
    long MemoryBytes { get; }

    /// <summary>Runs the model once on the calling thread.</summary>
    /// <param name="inputs">
    /// One tensor per input in the signature's order, null for an optional input left out. Names, datatypes and fixed dimensions were checked. Stay the caller's.
    /// </param>
    /// <param name="outputs">Positions of the wanted outputs in the signature's order; only these are computed where the engine can.</param>
    /// <param name="cancellationToken">Ends the run early where the engine can.</param>
    /// <returns>The wanted outputs, in the order of <paramref name="outputs"/>; each owns its memory and belongs to the caller.</returns>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.ModelFailed"/>, <see cref="ErrorCode.ShapeMismatch"/> or <see cref="ErrorCode.Cancelled"/>.</exception>
    Tensor[] Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<int> outputs, CancellationToken cancellationToken);
}
