using Microsoft.AspNetCore.Http;
using Slipway.Protocols.Http;

namespace Slipway.Protocols.TensorFlowServing.Rest;

/// <summary>Answers paths and verbs that the protocol doesn't have.</summary>
internal static class UnknownPaths
{
    public static Task HandleAsync(HttpContext context) => HttpFailure.WriteAsync(
        context, StatusCodes.Status400BadRequest, $"Malformed request: {context.Request.Method} {context.Request.Path.Value}");
}
