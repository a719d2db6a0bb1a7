using Microsoft.AspNetCore.Http;
using Slipway.Core;

namespace Slipway.Security.Identity;

/// <summary>What the request in hand is allowed: who asks, and for what its route was opened.</summary>
public sealed class RequestAccess
{
    // Flows with the request through everything that it awaits; work that belongs to no request has none and is the server's own.
    private static readonly AsyncLocal<RequestAccess?> Ambient = new();

    private int _annotated;

    /// <summary>Access of one request.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="permission">What the route needs.</param>
    /// <param name="http">The request.</param>
    public RequestAccess(CallerIdentity caller, Permission permission, HttpContext http)
    {
        (Caller, Permission, Http) = (caller, permission, http);
    }

    /// <summary>The request in hand; null: none, the server works for itself, or nobody is asked who they are.</summary>
    public static RequestAccess? Current
    {
        get => Ambient.Value;
        internal set => Ambient.Value = value;
    }

    /// <summary>Who asks.</summary>
    public CallerIdentity Caller { get; }

    /// <summary>What the route needs.</summary>
    public Permission Permission { get; }

    /// <summary>The request.</summary>
    public HttpContext Http { get; }

    /// <summary>True the first time it is asked: who says something in the response's headers says it once, before anything of the answer is written.</summary>
    public bool TakeHeaders() => Interlocked.Exchange(ref _annotated, 1) == 0 && !Http.Response.HasStarted;
}
