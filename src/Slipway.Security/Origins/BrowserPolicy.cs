using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Slipway.Security.Origins;

/// <summary>Which hosts and origins are the server's own.</summary>
/// <param name="allowedHosts">Names that the server is known by, besides <c>localhost</c>; <c>*</c>: any.</param>
/// <param name="allowedOrigins">Origins of pages that may change things, as browsers write them: <c>https://ops.example</c>.</param>
/// <param name="exposureOf">What a browser could do with a request.</param>
public sealed class BrowserPolicy(IEnumerable<string> allowedHosts, IEnumerable<string> allowedOrigins, Func<HttpContext, BrowserExposure> exposureOf)
{
    private const string Any = "*";

    private readonly FrozenSet<string> _hosts = allowedHosts.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    private readonly FrozenSet<string> _origins = allowedOrigins.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>What a browser could do with a request.</summary>
    public BrowserExposure ExposureOf(HttpContext context) => exposureOf(context);

    /// <summary>
    /// Whether a request may name a host. A numeric address can't be rebound, as no name server is asked for it; a name must be the loopback's or be known.
    /// </summary>
    public bool IsHost(HostString host)
    {
        string name = host.Host.Trim('[', ']').TrimEnd('.');
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || IPAddress.TryParse(name, out _)
            || _hosts.Contains(name)
            || _hosts.Contains(Any);
    }

    /// <summary>Whether a request comes from a page of the server's own, or of an allowed origin.</summary>
    /// <param name="origin">The <c>Origin</c> header; null: none.</param>
    /// <param name="site">The <c>Sec-Fetch-Site</c> header; null: none.</param>
    /// <param name="host">The <c>Host</c> header.</param>
    public bool IsOwnOrigin(string? origin, string? site, HostString host)
    {
        if (origin is null)
        {
            return site is "same-origin" or "none";
        }

        return _origins.Contains(origin)
            || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? page)
                && page.Scheme is "http" or "https"
                && Uri.TryCreate($"{page.Scheme}://{host.Value}", UriKind.Absolute, out Uri? own)
                && page.Authority.Equals(own.Authority, StringComparison.OrdinalIgnoreCase));
    }
}
