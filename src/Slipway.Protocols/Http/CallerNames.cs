using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace Slipway.Protocols.Http;

/// <summary>Who asks.</summary>
internal static class CallerNames
{
    /// <summary>Name of the authenticated caller; null when anonymous.</summary>
    public static string? Of(HttpContext context) =>
        // HttpContext.User would make a principal for every anonymous request.
        context.Features.Get<IHttpAuthenticationFeature>()?.User?.Identity is { IsAuthenticated: true } identity ? identity.Name : null;
}
