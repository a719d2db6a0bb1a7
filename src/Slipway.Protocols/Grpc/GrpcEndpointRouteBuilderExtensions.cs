using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Protocols.Http;

namespace Slipway.Protocols.Grpc;

/// <summary>Maps gRPC methods as endpoints.</summary>
public static class GrpcEndpointRouteBuilderExtensions
{
    private const string LoggerName = "Slipway.Protocols.Grpc";

    // Behind every route that says more, before a catch-all.
    private const int FallbackOrder = int.MaxValue - 1;

    private static readonly string[] Post = [HttpMethods.Post];

    /// <summary>
    /// Answers gRPC calls of services and methods that are not mapped with UNIMPLEMENTED; other requests are not touched, as long as some endpoint
    /// takes them (a fallback, for example).
    /// </summary>
    public static IEndpointConventionBuilder MapGrpcUnimplemented(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        RequestDelegate handler = CreateDelegate(endpoints, false, static call => throw Unknown(call.Http.Request.Path));
        return endpoints.Map("/{service}/{method}", handler)
            .WithDisplayName("gRPC unimplemented")
            .WithMetadata(new HttpMethodMetadata(Post), new GrpcContent(), new RequiredPermission(Permission.AnyCaller))
            .WithOrder(FallbackOrder);
    }

    /// <summary>Maps a method that takes one request.</summary>
    internal static IEndpointConventionBuilder MapGrpc(
        this IEndpointRouteBuilder endpoints, string service, string method, Permission permission, GrpcHandler handler) =>
        Map(endpoints, service, method, permission, CreateDelegate(endpoints, false, handler));

    /// <summary>Maps a method that takes a stream of requests.</summary>
    internal static IEndpointConventionBuilder MapGrpcStream(
        this IEndpointRouteBuilder endpoints, string service, string method, Permission permission, GrpcHandler handler) =>
        Map(endpoints, service, method, permission, CreateDelegate(endpoints, true, handler));

    private static IEndpointConventionBuilder Map(
        IEndpointRouteBuilder endpoints, string service, string method, Permission permission, RequestDelegate handler) =>
        endpoints.Map($"/{service}/{method}", handler)
            .WithDisplayName($"gRPC {service}/{method}")
            .WithMetadata(new HttpMethodMetadata(Post), new RequiredPermission(permission), new GrpcMethodMetadata(service, method));

    private static RequestDelegate CreateDelegate(IEndpointRouteBuilder endpoints, bool streamsRequests, GrpcHandler handler)
    {
        IServiceProvider services = endpoints.ServiceProvider;
        GrpcMethod method = new(
            handler,
            streamsRequests,
            GrpcOptions.From(services),
            (services.GetService<BodyLimits>() ?? new BodyLimits(new HttpProtocolOptions())).Budget,
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            services.GetRequiredService<ILoggerFactory>().CreateLogger(LoggerName),
            services.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None);
        return method.HandleAsync;
    }

    private static SlipwayException Unknown(PathString path)
    {
        ReadOnlySpan<char> text = path.Value;
        int slash = text.LastIndexOf('/');
        return new SlipwayException(ErrorCode.NotSupported, $"unknown service or method '{text[1..slash]}/{text[(slash + 1)..]}'");
    }

    private sealed class GrpcContent : IAcceptsMetadata
    {
        public IReadOnlyList<string> ContentTypes { get; } = ["application/grpc", "application/grpc+proto"];

        public Type? RequestType => null;

        public bool IsOptional => false;
    }
}
