using Microsoft.AspNetCore.Http;
using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Http;

namespace Slipway.Protocols.Refusals;

/// <summary>Answers requests that are turned away before their handler sees them, as the handler would have done it.</summary>
public static class ProtocolRefusal
{
    /// <summary>Writes the answer in the form of the request's endpoint: a gRPC status for gRPC calls, else what <see cref="FailureForm"/> says, else <c>{"error": "…"}</c>.</summary>
    public static Task WriteAsync(HttpContext context, SlipwayException failure)
    {
        if (GrpcMethod.IsGrpc(context.Request.ContentType))
        {
            context.Response.ContentType = "application/grpc";
            GrpcStatus.Of(failure, expired: false).WriteTo(context.Response, hasBody: false);
            return Task.CompletedTask;
        }

        return context.GetEndpoint()?.Metadata.GetMetadata<FailureForm>() is { } form ? form.WriteAsync(context, failure) : HttpFailure.WriteAsync(context, failure);
    }
}
