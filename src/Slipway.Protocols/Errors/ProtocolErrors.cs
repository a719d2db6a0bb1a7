using Slipway.Core;

namespace Slipway.Protocols.Errors;

/// <summary>
/// What an <see cref="ErrorCode"/> is called on the wire. Both tables are total: a member without its own line is a bug that a test finds.
/// </summary>
public static class ProtocolErrors
{
    /// <summary>How long callers are asked to wait after a refusal that may pass by itself, when nobody knows better.</summary>
    public static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>The HTTP status of a failure, the same in every HTTP protocol.</summary>
    public static int ToHttpStatus(this ErrorCode code) => code switch
    {
        ErrorCode.Internal => 500,
        ErrorCode.InvalidRequest => 400,
        ErrorCode.ShapeMismatch => 400,
        ErrorCode.ModelNotFound => 404,
        ErrorCode.VersionNotFound => 404,
        ErrorCode.ModelNotReady => 503,
        ErrorCode.ModelFailed => 500,
        ErrorCode.InvalidModel => 400,
        ErrorCode.Overloaded => 429,
        ErrorCode.RateLimited => 429,
        ErrorCode.DeadlineExceeded => 504,
        ErrorCode.Cancelled => 499,
        ErrorCode.PayloadTooLarge => 413,
        ErrorCode.NotSupported => 501,
        ErrorCode.Unauthenticated => 401,
        ErrorCode.PermissionDenied => 403,
        ErrorCode.AlreadyExists => 409,
        ErrorCode.VersionConflict => 409,
        ErrorCode.FailedPrecondition => 400,
        ErrorCode.InvalidConfiguration => 400,
        ErrorCode.NotFound => 404,
        ErrorCode.StoreUnavailable => 503,
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "no HTTP status for this error code"),
    };

    /// <summary>The canonical (gRPC) status of a failure.</summary>
    public static CanonicalCode ToCanonicalCode(this ErrorCode code) => code switch
    {
        ErrorCode.Internal => CanonicalCode.Internal,
        ErrorCode.InvalidRequest => CanonicalCode.InvalidArgument,
        ErrorCode.ShapeMismatch => CanonicalCode.InvalidArgument,
        ErrorCode.ModelNotFound => CanonicalCode.NotFound,
        ErrorCode.VersionNotFound => CanonicalCode.NotFound,
        ErrorCode.ModelNotReady => CanonicalCode.Unavailable,
        ErrorCode.ModelFailed => CanonicalCode.Internal,
        ErrorCode.InvalidModel => CanonicalCode.FailedPrecondition,
        ErrorCode.Overloaded => CanonicalCode.ResourceExhausted,
        ErrorCode.RateLimited => CanonicalCode.ResourceExhausted,
        ErrorCode.DeadlineExceeded => CanonicalCode.DeadlineExceeded,
        ErrorCode.Cancelled => CanonicalCode.Cancelled,
        ErrorCode.PayloadTooLarge => CanonicalCode.ResourceExhausted,
        ErrorCode.NotSupported => CanonicalCode.Unimplemented,
        ErrorCode.Unauthenticated => CanonicalCode.Unauthenticated,
        ErrorCode.PermissionDenied => CanonicalCode.PermissionDenied,
        ErrorCode.AlreadyExists => CanonicalCode.AlreadyExists,
        ErrorCode.VersionConflict => CanonicalCode.Aborted,
        ErrorCode.FailedPrecondition => CanonicalCode.FailedPrecondition,
        ErrorCode.InvalidConfiguration => CanonicalCode.InvalidArgument,
        ErrorCode.NotFound => CanonicalCode.NotFound,
        ErrorCode.StoreUnavailable => CanonicalCode.Unavailable,
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "no canonical code for this error code"),
    };

    /// <summary>The name of a canonical code as protobuf's JSON spells it: <c>NOT_FOUND</c>.</summary>
    public static string ToName(this CanonicalCode code) => code switch
    {
        CanonicalCode.Ok => "OK",
        CanonicalCode.Cancelled => "CANCELLED",
        CanonicalCode.Unknown => "UNKNOWN",
        CanonicalCode.InvalidArgument => "INVALID_ARGUMENT",
        CanonicalCode.DeadlineExceeded => "DEADLINE_EXCEEDED",
        CanonicalCode.NotFound => "NOT_FOUND",
        CanonicalCode.AlreadyExists => "ALREADY_EXISTS",
        CanonicalCode.PermissionDenied => "PERMISSION_DENIED",
        CanonicalCode.ResourceExhausted => "RESOURCE_EXHAUSTED",
        CanonicalCode.FailedPrecondition => "FAILED_PRECONDITION",
        CanonicalCode.Aborted => "ABORTED",
        CanonicalCode.OutOfRange => "OUT_OF_RANGE",
        CanonicalCode.Unimplemented => "UNIMPLEMENTED",
        CanonicalCode.Internal => "INTERNAL",
        CanonicalCode.Unavailable => "UNAVAILABLE",
        CanonicalCode.DataLoss => "DATA_LOSS",
        CanonicalCode.Unauthenticated => "UNAUTHENTICATED",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "not a canonical code"),
    };

    /// <summary>How long the caller of a failed request ought to wait before trying again; null when waiting changes nothing.</summary>
    public static TimeSpan? RetryAfter(SlipwayException failure) => failure.RetryAfter
        ?? (failure.Code is ErrorCode.Overloaded or ErrorCode.RateLimited or ErrorCode.ModelNotReady ? DefaultRetryAfter : null);

    /// <summary>
    /// Any exception as one that may be shown to a caller: an unforeseen one becomes <see cref="ErrorCode.Internal"/> without its text, which may
    /// hold paths or data; a cancelled wait becomes <see cref="ErrorCode.Cancelled"/>.
    /// </summary>
    public static SlipwayException ForCallers(Exception exception) => exception switch
    {
        SlipwayException failure => failure,
        OperationCanceledException => new SlipwayException(ErrorCode.Cancelled, "the request was cancelled", exception),
        _ => new SlipwayException(ErrorCode.Internal, "internal error", exception),
    };
}
