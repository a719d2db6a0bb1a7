using System.Collections.Frozen;
using Microsoft.AspNetCore.Routing;
using Slipway.Core;
using Slipway.Protocols.Grpc;

namespace Slipway.Protocols.Reflection;

/// <summary>Maps gRPC server reflection.</summary>
public static class GrpcReflectionEndpointRouteBuilderExtensions
{
    private const string Method = "ServerReflectionInfo";

    /// <summary>Maps <c>grpc.reflection.v1.ServerReflection</c> and its older name <c>v1alpha</c>.</summary>
    public static IEndpointRouteBuilder MapGrpcReflection(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        IServiceProvider services = endpoints.ServiceProvider;
        ReflectionService reflection = new(ProtoFiles.All, new Lazy<FrozenSet<string>>(() => GrpcServices.Mapped(services)));
        endpoints.MapGrpcStream(GrpcServices.Reflection, Method, Permission.ReadModels, reflection.HandleAsync);
        endpoints.MapGrpcStream(GrpcServices.ReflectionAlpha, Method, Permission.ReadModels, reflection.HandleAsync);
        return endpoints;
    }
}
