using Slipway.Core;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Scoring;

/// <summary>Reads the examples that MLflow keeps with models: what a caller would send to its scoring server.</summary>
internal sealed class ScoringExample : IInputExampleReader
{
    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Read(ReadOnlyMemory<byte> example, ModelSignature signature)
    {
        try
        {
            return ScoringModels.Of(signature) is { } scoring
                ? ScoringBody.Read(example, isCsv: false, scoring, signature).Inputs
                : throw new SlipwayException(ErrorCode.InvalidRequest, "nothing is known of the form of its inputs");
        }
        catch (MlflowException refused)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, refused.Message, refused);
        }
    }
}
