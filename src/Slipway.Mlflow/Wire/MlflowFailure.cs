using Microsoft.AspNetCore.Http;
using Slipway.Core;
using Slipway.Protocols.Http;

namespace Slipway.Mlflow.Wire;

/// <summary>Answers failed calls with <c>{"error_code": "…", "message": "…"}</c>.</summary>
internal static class MlflowFailure
{
    /// <summary>What clients are told of a failure of the stores.</summary>
    public static MlflowErrorCode ToMlflow(this ErrorCode code) => code switch
    {
        ErrorCode.Internal or ErrorCode.ModelFailed => MlflowErrorCode.InternalError,
        ErrorCode.InvalidRequest or ErrorCode.ShapeMismatch or ErrorCode.InvalidModel or ErrorCode.PayloadTooLarge
            or ErrorCode.FailedPrecondition or ErrorCode.InvalidConfiguration => MlflowErrorCode.InvalidParameterValue,
        ErrorCode.ModelNotFound or ErrorCode.VersionNotFound or ErrorCode.NotFound => MlflowErrorCode.ResourceDoesNotExist,
        ErrorCode.ModelNotReady or ErrorCode.StoreUnavailable => MlflowErrorCode.TemporarilyUnavailable,
        ErrorCode.Overloaded or ErrorCode.RateLimited => MlflowErrorCode.RequestLimitExceeded,
        ErrorCode.DeadlineExceeded => MlflowErrorCode.DeadlineExceeded,
        ErrorCode.Cancelled => MlflowErrorCode.Cancelled,
        ErrorCode.NotSupported => MlflowErrorCode.NotImplemented,
        ErrorCode.Unauthenticated => MlflowErrorCode.Unauthenticated,
        ErrorCode.PermissionDenied => MlflowErrorCode.PermissionDenied,
        ErrorCode.AlreadyExists => MlflowErrorCode.ResourceAlreadyExists,
        ErrorCode.VersionConflict => MlflowErrorCode.ResourceConflict,
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "no MLflow error for this error code"),
    };

    /// <summary>Sends the answer, unless one has begun or nobody is there to read it.</summary>
    public static Task WriteAsync(HttpContext context, MlflowErrorCode code, string message)
    {
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
        {
            return Task.CompletedTask;
        }

        context.Response.StatusCode = code.ToStatus();
        return MlflowJson.SendAsync(context, json =>
        {
            json.WriteString("error_code", code.ToName());
            json.WriteString("message", message);
        });
    }

    /// <summary>As <see cref="WriteAsync(HttpContext, MlflowErrorCode, string)"/>, with the time after which to try again where that helps.</summary>
    public static Task WriteAsync(HttpContext context, SlipwayException failure)
    {
        HttpFailure.SetRetryAfter(context, failure);
        return WriteAsync(context, failure.Code.ToMlflow(), failure.Message);
    }
}
