using Slipway.Core;

namespace Slipway.Pipelines.Running;

/// <summary>What the failures of steps mean to the pipeline's caller. Pure.</summary>
internal static class StepFailure
{
    /// <summary>The code of a failure.</summary>
    public static ErrorCode CodeOf(Exception exception) => exception switch
    {
        SlipwayException failure => failure.Code,
        OperationCanceledException => ErrorCode.Cancelled,
        _ => ErrorCode.Internal,
    };

    /// <summary>Whether trying again may help.</summary>
    public static bool MayPass(ErrorCode code) => code is ErrorCode.Internal or ErrorCode.ModelFailed or ErrorCode.ModelNotReady or ErrorCode.Overloaded
        or ErrorCode.DeadlineExceeded or ErrorCode.StoreUnavailable;

    /// <summary>Whether something else may stand in: what the caller did wrong would be wrong anywhere.</summary>
    public static bool IsStepsOwn(ErrorCode code) => MayPass(code) || code is ErrorCode.ModelNotFound or ErrorCode.VersionNotFound or ErrorCode.InvalidModel
        or ErrorCode.FailedPrecondition or ErrorCode.RateLimited or ErrorCode.NotSupported;

    /// <summary>The failure as the caller is told: pipeline and step are named, and what the caller never named is no longer <em>not found</em>.</summary>
    public static SlipwayException Name(Exception exception, string pipeline, string step)
    {
        ErrorCode code = CodeOf(exception) switch
        {
            ErrorCode.ModelNotFound or ErrorCode.VersionNotFound => ErrorCode.ModelNotReady,
            var other => other,
        };
        SlipwayException? known = exception as SlipwayException;
        string message = known?.Message ?? (code == ErrorCode.Cancelled ? "cancelled" : "internal error");
        return new SlipwayException(code, $"pipeline '{pipeline}', step '{step}': {message}", exception) { RetryAfter = known?.RetryAfter };
    }
}
