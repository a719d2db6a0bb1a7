using System.Diagnostics;
using Slipway.Core;

namespace Slipway.Protocols.Grpc;

/// <summary>How each kind of failure is told over gRPC.</summary>
internal static class GrpcStatusCodes
{
    // Header values made once: a status is sent with every call.
    private static readonly string[] Texts = [.. Enumerable.Range(0, 17).Select(static code => code.ToString(System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>The status of a failure. Total: a test holds it against every member of <see cref="ErrorCode"/>.</summary>
    public static GrpcStatusCode ToGrpc(this ErrorCode code) => code switch
    {
        ErrorCode.Internal => GrpcStatusCode.Internal,
        ErrorCode.InvalidRequest => GrpcStatusCode.InvalidArgument,
        ErrorCode.ShapeMismatch => GrpcStatusCode.InvalidArgument,
        ErrorCode.ModelNotFound => GrpcStatusCode.NotFound,
        ErrorCode.VersionNotFound => GrpcStatusCode.NotFound,
        ErrorCode.ModelNotReady => GrpcStatusCode.Unavailable,
        ErrorCode.ModelFailed => GrpcStatusCode.Internal,
        ErrorCode.InvalidModel => GrpcStatusCode.InvalidArgument,
        ErrorCode.Overloaded => GrpcStatusCode.ResourceExhausted,
        ErrorCode.RateLimited => GrpcStatusCode.ResourceExhausted,
        ErrorCode.DeadlineExceeded => GrpcStatusCode.DeadlineExceeded,
        ErrorCode.Cancelled => GrpcStatusCode.Cancelled,
        ErrorCode.PayloadTooLarge => GrpcStatusCode.ResourceExhausted,
        ErrorCode.NotSupported => GrpcStatusCode.Unimplemented,
        ErrorCode.Unauthenticated => GrpcStatusCode.Unauthenticated,
        ErrorCode.PermissionDenied => GrpcStatusCode.PermissionDenied,
        ErrorCode.AlreadyExists => GrpcStatusCode.AlreadyExists,
        ErrorCode.VersionConflict => GrpcStatusCode.Aborted,
        ErrorCode.FailedPrecondition => GrpcStatusCode.FailedPrecondition,
        ErrorCode.InvalidConfiguration => GrpcStatusCode.InvalidArgument,
        _ => throw new UnreachableException($"no gRPC status for {code}"),
    };

    /// <summary>The number as it is sent.</summary>
    public static string ToText(this GrpcStatusCode code) => Texts[(int)code];
}
