namespace Slipway.Client.Grpc;

/// <summary>A gRPC call ended with another status than OK.</summary>
public sealed class GrpcFailureException : Exception
{
    /// <summary>Canonical code UNKNOWN.</summary>
    internal const int Unknown = 2;

    /// <summary>Canonical code INTERNAL.</summary>
    internal const int Internal = 13;

    /// <summary>Creates a failure of unknown kind.</summary>
    public GrpcFailureException()
    {
    }

    /// <summary>Creates a failure of unknown kind.</summary>
    public GrpcFailureException(string message)
        : base(message)
    {
    }

    /// <summary>Creates a failure of unknown kind.</summary>
    public GrpcFailureException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates a failure with its canonical status code.</summary>
    public GrpcFailureException(int status, string message)
        : base(message)
    {
        Status = status;
    }

    /// <summary>Canonical status code, such as 5 for NOT_FOUND.</summary>
    public int Status { get; } = Unknown;
}
