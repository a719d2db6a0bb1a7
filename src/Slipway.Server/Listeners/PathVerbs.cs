using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace Slipway.Server.Listeners;

/// <summary>Says which verbs a path has on a plane. For requests that came with another one, which are rare: every route is looked at. Thread-safe.</summary>
internal sealed class PathVerbs(EndpointDataSource endpoints)
{
    private readonly Lazy<Route[]> _routes = new(() => [.. endpoints.Endpoints.OfType<RouteEndpoint>().Select(static endpoint => new Route(endpoint)).Where(static route => route.Verbs.Count > 0)]);

    /// <summary>The verbs in the order of the routes, each once; empty when the plane does not have the path.</summary>
    public IReadOnlyList<string> Of(PathString path, Plane plane) =>
        [.. _routes.Value.Where(route => (route.Plane & plane) != Plane.None && route.Matches(path)).SelectMany(static route => route.Verbs).Distinct(StringComparer.Ordinal)];

    private sealed class Route(RouteEndpoint endpoint)
    {
        private readonly TemplateMatcher _matcher = new(new RouteTemplate(endpoint.RoutePattern), []);

        public Plane Plane { get; } = endpoint.Metadata.GetMetadata<PlaneMetadata>()?.Plane ?? Plane.None;

        public IReadOnlyList<string> Verbs { get; } = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [];

        public bool Matches(PathString path) => _matcher.TryMatch(path, []);
    }
}
