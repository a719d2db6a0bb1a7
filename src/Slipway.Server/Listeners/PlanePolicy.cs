using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Slipway.Server.Listeners;

/// <summary>
/// Lets one path mean different things on different planes: of the endpoints that match a request, those of other planes than that of its listener are passed over. It takes part
/// only where endpoints of different planes share a path; <see cref="PlaneGate"/> guards all others.
/// </summary>
internal sealed class PlanePolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    /// <inheritdoc/>
    public override int Order => -1000;

    /// <inheritdoc/>
    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Select(PlaneOf).Distinct().Count() > 1;

    /// <inheritdoc/>
    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        Plane came = httpContext.Features.Get<PlaneMetadata>()?.Plane ?? Plane.None;
        for (int index = 0; index < candidates.Count; index++)
        {
            if ((PlaneOf(candidates[index].Endpoint) & came) == Plane.None)
            {
                candidates.SetValidity(index, false);
            }
        }

        return Task.CompletedTask;
    }

    private static Plane PlaneOf(Endpoint endpoint) => endpoint.Metadata.GetMetadata<PlaneMetadata>()?.Plane ?? Plane.None;
}
