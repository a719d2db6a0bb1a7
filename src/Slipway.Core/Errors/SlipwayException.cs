namespace Slipway.Core;

/// <summary>
/// An expected failure with an <see cref="ErrorCode"/>. The message is shown to callers: it names the model, the input, what was expected and
/// what was given, and never a path, a stack, a secret or a feature value. Bugs are ordinary exceptions.
/// </summary>
public sealed class SlipwayException : Exception
{
    /// <summary>Creates an <see cref="ErrorCode.Internal"/> failure.</summary>
    public SlipwayException()
        : this(ErrorCode.Internal, "internal error")
    {
    }

    /// <summary>Creates an <see cref="ErrorCode.Internal"/> failure with a message.</summary>
    public SlipwayException(string message)
        : this(ErrorCode.Internal, message)
    {
    }

    /// <summary>Creates an <see cref="ErrorCode.Internal"/> failure with a message and a cause.</summary>
    public SlipwayException(string message, Exception innerException)
        : this(ErrorCode.Internal, message, innerException)
    {
    }

    /// <summary>Creates a failure with its code, a message for callers and, where there is one, the cause.</summary>
    public SlipwayException(ErrorCode code, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Code = code;
    }

    /// <summary>What kind of failure this is.</summary>
    public ErrorCode Code { get; }

    /// <summary>How long a caller should wait before it tries again; null when the code alone says all there is to say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the same request may succeed later without being changed.</summary>
    public bool IsTransient => Code is ErrorCode.Overloaded or ErrorCode.RateLimited or ErrorCode.ModelNotReady
        or ErrorCode.DeadlineExceeded or ErrorCode.StoreUnavailable or ErrorCode.Internal;
}
