namespace Slipway.Core;

/// <summary>
/// Why a request or a management action failed, independent of any protocol. Each protocol maps every member to its own
/// status with one total switch. Numbers are stored and sent: never reuse or renumber one.
/// </summary>
public enum ErrorCode
{
    /// <summary>A bug or an unforeseen fault inside Slipway. Retrying may help.</summary>
    Internal = 0,

    /// <summary>The request is malformed: bad syntax, a wrong type, an unknown input, an impossible value.</summary>
    InvalidRequest = 1,

    /// <summary>A tensor's shape, or the number of its values, does not fit the model's signature.</summary>
    ShapeMismatch = 2,

    /// <summary>No model of that name is known.</summary>
    ModelNotFound = 3,

    /// <summary>The model is known, but not the version, alias or label that was asked for.</summary>
    VersionNotFound = 4,

    /// <summary>The model is known but can't answer yet, or any more: loading, warming, draining, or failed. Retrying may help.</summary>
    ModelNotReady = 5,

    /// <summary>The engine failed while it ran the model.</summary>
    ModelFailed = 6,

    /// <summary>A model file is damaged, hostile, or not of a supported format.</summary>
    InvalidModel = 7,

    /// <summary>A queue or limit is full; the request was refused at once. Retry later.</summary>
    Overloaded = 8,

    /// <summary>The caller exceeded its own rate. Retry later.</summary>
    RateLimited = 9,

    /// <summary>The caller's deadline passed before an answer was there.</summary>
    DeadlineExceeded = 10,

    /// <summary>The caller went away or withdrew the request.</summary>
    Cancelled = 11,

    /// <summary>The body, or a part of it, is larger than the configured limit.</summary>
    PayloadTooLarge = 12,

    /// <summary>The request is well-formed but asks for something that this server does not do.</summary>
    NotSupported = 13,

    /// <summary>No valid credentials were given.</summary>
    Unauthenticated = 14,

    /// <summary>The caller is known but may not do this.</summary>
    PermissionDenied = 15,

    /// <summary>The thing to be created exists already.</summary>
    AlreadyExists = 16,

    /// <summary>Somebody else changed the thing in between; read it again.</summary>
    VersionConflict = 17,

    /// <summary>The action is valid in general but not in the present state or configuration.</summary>
    FailedPrecondition = 18,

    /// <summary>The configuration is wrong; the message names the key.</summary>
    InvalidConfiguration = 19,

    /// <summary>Something other than a model or version is not there: a run, an experiment, a file.</summary>
    NotFound = 20,

    /// <summary>The database or object storage can't be reached or doesn't answer in time. Retrying may help.</summary>
    StoreUnavailable = 21,
}
