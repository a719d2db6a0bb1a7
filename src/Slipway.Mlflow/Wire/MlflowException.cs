namespace Slipway.Mlflow.Wire;

/// <summary>A failure that has a name of its own in MLflow's protocol; the message is shown to callers.</summary>
internal sealed class MlflowException(MlflowErrorCode code, string message) : Exception(message)
{
    /// <summary>What kind of failure this is.</summary>
    public MlflowErrorCode Code { get; } = code;

    /// <summary>A field has a wrong value.</summary>
    public static MlflowException Invalid(string message) => new(MlflowErrorCode.InvalidParameterValue, message);

    /// <summary>A field that must be there is not.</summary>
    public static MlflowException Missing(string field) =>
        Invalid($"Missing value for required parameter '{field}'. See the API docs for more information about request parameters.");

    /// <summary>The value of a field is not what it should be.</summary>
    /// <param name="field">Name of the field.</param>
    /// <param name="json">The value as it was sent; cut when it is long.</param>
    /// <param name="why">What was expected.</param>
    public static MlflowException InvalidValue(string field, string json, string why) =>
        Invalid($"Invalid value {(json.Length > 100 ? json[..100] + "…" : json)} for parameter '{field}' supplied: {why}");

    /// <summary>Something is not there.</summary>
    public static MlflowException NotFound(string message) => new(MlflowErrorCode.ResourceDoesNotExist, message);
}
