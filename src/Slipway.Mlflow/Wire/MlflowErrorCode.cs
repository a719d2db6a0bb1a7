namespace Slipway.Mlflow.Wire;

/// <summary>The errors that MLflow's clients know and this server answers with.</summary>
internal enum MlflowErrorCode
{
    /// <summary>Something else is wrong with the request.</summary>
    BadRequest,

    /// <summary>A field is missing or has a wrong value.</summary>
    InvalidParameterValue,

    /// <summary>A name is taken; 400 rather than 409.</summary>
    ResourceAlreadyExists,

    /// <summary>No valid credentials.</summary>
    Unauthenticated,

    /// <summary>Not allowed.</summary>
    PermissionDenied,

    /// <summary>The thing that was asked for is not there.</summary>
    ResourceDoesNotExist,

    /// <summary>There is no such call; clients then try another spelling of it.</summary>
    EndpointNotFound,

    /// <summary>Somebody else changed it in between.</summary>
    ResourceConflict,

    /// <summary>Too much at once; clients try again.</summary>
    RequestLimitExceeded,

    /// <summary>The caller went away.</summary>
    Cancelled,

    /// <summary>A fault of this server; clients try again.</summary>
    InternalError,

    /// <summary>Known, and not done here.</summary>
    NotImplemented,

    /// <summary>Not now; clients try again.</summary>
    TemporarilyUnavailable,

    /// <summary>Took too long; clients try again.</summary>
    DeadlineExceeded,
}

/// <summary>What the errors are called on the wire. Clients repeat whatever ends in 429 or 5xx but 501 for minutes, so a lasting failure must never have such a status.</summary>
internal static class MlflowErrorCodes
{
    /// <summary>Name in the body of an answer.</summary>
    public static string ToName(this MlflowErrorCode code) => code switch
    {
        MlflowErrorCode.BadRequest => "BAD_REQUEST",
        MlflowErrorCode.InvalidParameterValue => "INVALID_PARAMETER_VALUE",
        MlflowErrorCode.ResourceAlreadyExists => "RESOURCE_ALREADY_EXISTS",
        MlflowErrorCode.Unauthenticated => "UNAUTHENTICATED",
        MlflowErrorCode.PermissionDenied => "PERMISSION_DENIED",
        MlflowErrorCode.ResourceDoesNotExist => "RESOURCE_DOES_NOT_EXIST",
        MlflowErrorCode.EndpointNotFound => "ENDPOINT_NOT_FOUND",
        MlflowErrorCode.ResourceConflict => "RESOURCE_CONFLICT",
        MlflowErrorCode.RequestLimitExceeded => "REQUEST_LIMIT_EXCEEDED",
        MlflowErrorCode.Cancelled => "CANCELLED",
        MlflowErrorCode.InternalError => "INTERNAL_ERROR",
        MlflowErrorCode.NotImplemented => "NOT_IMPLEMENTED",
        MlflowErrorCode.TemporarilyUnavailable => "TEMPORARILY_UNAVAILABLE",
        MlflowErrorCode.DeadlineExceeded => "DEADLINE_EXCEEDED",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "no name for this error"),
    };

    /// <summary>HTTP status of an answer.</summary>
    public static int ToStatus(this MlflowErrorCode code) => code switch
    {
        MlflowErrorCode.BadRequest or MlflowErrorCode.InvalidParameterValue or MlflowErrorCode.ResourceAlreadyExists => 400,
        MlflowErrorCode.Unauthenticated => 401,
        MlflowErrorCode.PermissionDenied => 403,
        MlflowErrorCode.ResourceDoesNotExist or MlflowErrorCode.EndpointNotFound => 404,
        MlflowErrorCode.ResourceConflict => 409,
        MlflowErrorCode.RequestLimitExceeded => 429,
        MlflowErrorCode.Cancelled => 499,
        MlflowErrorCode.InternalError => 500,
        MlflowErrorCode.NotImplemented => 501,
        MlflowErrorCode.TemporarilyUnavailable => 503,
        MlflowErrorCode.DeadlineExceeded => 504,
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "no status for this error"),
    };
}
