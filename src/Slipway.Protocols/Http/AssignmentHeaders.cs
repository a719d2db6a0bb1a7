using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.Core;

namespace Slipway.Protocols.Http;

/// <summary>Tells callers of an endpoint which arm and version answered, in headers (gRPC: initial metadata).</summary>
internal static class AssignmentHeaders
{
    /// <summary>Adds the headers. Does nothing for a model that was asked directly, or when the headers are out already.</summary>
    public static void Add(HttpContext context, InferenceResponse response)
    {
        if (response.Assignment is not { } assignment || context.Response.HasStarted)
        {
            return;
        }

        IHeaderDictionary headers = context.Response.Headers;
        headers["Slipway-Endpoint"] = assignment.Endpoint;
        headers["Slipway-Arm"] = assignment.Arm;
        headers["Slipway-Assignment"] = assignment.Reason;
        headers["Slipway-Version"] = response.Servable.Version.ToString(CultureInfo.InvariantCulture);
        headers["Slipway-Version-Digest"] = response.Servable.Digest;

        // An id that the caller chose may hold what a header can't; he knows it anyway.
        if (assignment.RequestId is { } id && id.All(static letter => letter is >= ' ' and <= '~'))
        {
            headers["Slipway-Request-Id"] = id;
        }
    }
}
