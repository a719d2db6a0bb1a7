using Microsoft.AspNetCore.Builder;

namespace Slipway.Protocols.Tracing;

/// <summary>Adds tracing to a pipeline.</summary>
public static class TracingBuilderExtensions
{
    /// <summary>Name of the activity source of requests; those of other rooms begin with <c>Slipway.</c> too.</summary>
    public const string SourceName = "Slipway.Protocols";

    /// <summary>
    /// Begins spans for traced requests; goes between routing and the endpoints. Add it only where traces are exported; needs <see cref="TraceSampling"/> in the container.
    /// </summary>
    /// <param name="application">The pipeline.</param>
    /// <param name="random">Draws the requests that are traced; must be safe for use by many threads.</param>
    public static IApplicationBuilder UseRequestTracing(this IApplicationBuilder application, Random random) =>
        application.UseMiddleware<RequestTracing>(random);
}
