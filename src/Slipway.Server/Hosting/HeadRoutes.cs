using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Slipway.Server.Hosting;

/// <summary>Answers HEAD wherever GET is answered: the same handler runs, and the web server sends no body (RFC 9110 §9.3.2).</summary>
internal static class HeadRoutes
{
    /// <summary>Adds HEAD to the routes of a group that take GET.</summary>
    public static TBuilder AnsweringHead<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder
    {
        routes.Finally(static endpoint =>
        {
            if (endpoint.Metadata.OfType<HttpMethodMetadata>().LastOrDefault() is { } verbs
                && verbs.HttpMethods.Contains(HttpMethods.Get) && !verbs.HttpMethods.Contains(HttpMethods.Head))
            {
                endpoint.Metadata.Remove(verbs);
                endpoint.Metadata.Add(new HttpMethodMetadata([.. verbs.HttpMethods, HttpMethods.Head], verbs.AcceptCorsPreflight));
            }
        });
        return routes;
    }
}
