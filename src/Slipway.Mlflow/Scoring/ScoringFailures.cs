using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Scoring;

/// <summary>An invocation that can't be answered, with the name that the reference gives to the fault.</summary>
internal static class ScoringFailures
{
    /// <summary>The body can't be read, or its values are not what the model takes.</summary>
    public static MlflowException Bad(string message) => new(MlflowErrorCode.BadRequest, message);

    /// <summary>The data does not have the columns or the shape that the signature names.</summary>
    public static MlflowException Schema(string message) => MlflowException.Invalid("Failed to enforce schema of data: " + message);
}
