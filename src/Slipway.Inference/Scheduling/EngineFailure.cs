using Slipway.Core;

namespace Slipway.Inference.Scheduling;

/// <summary>Turns what a run throws into what callers may see.</summary>
internal static class EngineFailure
{
    /// <summary>
    /// Expected failures stay as they are; a cancellation is one; anything else is the engine's fault and its text, which may hold paths, stays inside.
    /// </summary>
    public static SlipwayException Translate(Exception exception, string model, CancellationToken cancellationToken) => exception switch
    {
        SlipwayException expected => expected,
        OperationCanceledException when cancellationToken.IsCancellationRequested =>
            new SlipwayException(ErrorCode.Cancelled, $"the request to model '{model}' was cancelled", exception),
        OutOfMemoryException => new SlipwayException(ErrorCode.Overloaded, $"not enough memory to run model '{model}'", exception),
        _ => new SlipwayException(ErrorCode.ModelFailed, $"model '{model}' failed unexpectedly", exception),
    };
}
