using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Security.Authorization;

namespace Slipway.Server.Trust;

/// <summary>Gives receipts out in a header of the answer, REST and gRPC alike (there it is initial metadata), to callers who ask with a header of the same name.</summary>
internal static class ReceiptRoutes
{
    /// <summary>Asks for a receipt with any value but <c>false</c>; carries it in the answer, as base64 of the DSSE envelope's JSON.</summary>
    public const string HeaderName = "Slipway-Receipt";

    /// <summary>Wraps the routes of a group that predict.</summary>
    public static TBuilder WithReceipts<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder
    {
        routes.Finally(static endpoint =>
        {
            if (endpoint.RequestDelegate is { } handler && endpoint.Metadata.OfType<RequiredPermission>().Any(static required => required.Permission == Permission.Infer))
            {
                endpoint.RequestDelegate = context => context.Request.Headers.ContainsKey(HeaderName) ? RunAsync(context, handler) : handler(context);
            }
        });
        return routes;
    }

    private static async Task RunAsync(HttpContext context, RequestDelegate handler)
    {
        if (string.Equals(context.Request.Headers[HeaderName], "false", StringComparison.OrdinalIgnoreCase))
        {
            await handler(context);
            return;
        }

        if (context.RequestServices.GetService<ReceiptKey>() is null)
        {
            await context.RequestServices.GetRequiredService<IRefusalWriter>().WriteAsync(
                context, new SlipwayException(ErrorCode.NotSupported, "this server signs no receipts: it has neither a data folder nor a key for them (security.receipts.key)"));
            return;
        }

        ReceiptScope scope = new();
        ReceiptScope.Current = scope;
        context.Response.OnStarting(() =>
        {
            if (scope.Receipt is { } receipt)
            {
                context.Response.Headers[HeaderName] = Convert.ToBase64String(receipt);
            }

            return Task.CompletedTask;
        });
        try
        {
            await handler(context);
        }
        finally
        {
            ReceiptScope.Current = null;
        }
    }
}
