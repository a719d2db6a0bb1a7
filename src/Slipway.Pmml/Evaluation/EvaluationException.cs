namespace Slipway.Pmml.Evaluation;

/// <summary>A row has no result: a value is invalid where that is not allowed, or a function is not defined for its arguments. The other rows go on.</summary>
internal sealed class EvaluationException(string message, Exception? cause = null) : Exception(message, cause);
