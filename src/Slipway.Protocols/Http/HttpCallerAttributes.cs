using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.Extensions.Primitives;
using Slipway.Core;

namespace Slipway.Protocols.Http;

/// <summary>Headers and claims of an HTTP exchange; gRPC metadata are headers too.</summary>
internal sealed class HttpCallerAttributes(HttpContext context) : ICallerAttributes
{
    /// <inheritdoc/>
    public string? Header(string name) => context.Request.Headers.TryGetValue(name, out StringValues values) ? values.ToString() : null;

    /// <inheritdoc/>
    public string? Claim(string type) => context.Features.Get<IHttpAuthenticationFeature>()?.User?.FindFirst(type)?.Value;
}
