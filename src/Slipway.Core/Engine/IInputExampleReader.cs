namespace Slipway.Core;

/// <summary>Makes inputs of the example that a model was kept with. Implemented by the room that knows the example's form. Thread-safe.</summary>
public interface IInputExampleReader
{
    /// <summary>The inputs that the example stands for; the caller's.</summary>
    /// <param name="example">What <see cref="PreparedModel.InputExample"/> holds.</param>
    /// <param name="signature">What the model takes.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>: it can't be read, or is not what the model takes.</exception>
    IReadOnlyList<Tensor> Read(ReadOnlyMemory<byte> example, ModelSignature signature);
}
