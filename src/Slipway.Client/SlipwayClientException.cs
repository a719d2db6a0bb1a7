using System.Net;

namespace Slipway.Client;

/// <summary>A server refused a request, or answered with something that is not of the protocol.</summary>
public sealed class SlipwayClientException : Exception
{
    /// <summary>Creates a failure without a status.</summary>
    public SlipwayClientException()
    {
    }

    /// <summary>Creates a failure without a status.</summary>
    public SlipwayClientException(string message)
        : base(message)
    {
    }

    /// <summary>Creates a failure without a status.</summary>
    public SlipwayClientException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates a failure with what the server answered.</summary>
    public SlipwayClientException(HttpStatusCode status, string message)
        : base(message)
    {
        Status = status;
    }

    /// <summary>The HTTP status; null when the server did not answer in the protocol.</summary>
    public HttpStatusCode? Status { get; }

    /// <summary>Whether the same request may succeed later without being changed.</summary>
    public bool IsTransient => Status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
}
