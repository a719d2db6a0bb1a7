using Microsoft.AspNetCore.Http;

namespace Slipway.Security.Origins;

/// <summary>Headers that keep browsers from doing more with an answer than show it. A page that needs more sets its own before it answers.</summary>
internal static class PageHeaders
{
    private const string OneYear = "max-age=31536000";

    /// <summary>Adds them.</summary>
    public static void Add(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = OneYear;
        }
    }
}
