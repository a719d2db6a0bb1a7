using System.Collections.Frozen;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Slipway.Protocols.Grpc;

/// <summary>Full names of the services.</summary>
internal static class GrpcServices
{
    /// <summary>Open Inference.</summary>
    public const string OpenInference = "inference.GRPCInferenceService";

    /// <summary>TensorFlow Serving: predictions.</summary>
    public const string Prediction = "tensorflow.serving.PredictionService";

    /// <summary>TensorFlow Serving: models.</summary>
    public const string Model = "tensorflow.serving.ModelService";

    /// <summary>TensorFlow Serving: sessions, whose only method is not supported.</summary>
    public const string Session = "tensorflow.serving.SessionService";

    /// <summary>Health checking.</summary>
    public const string Health = "grpc.health.v1.Health";

    /// <summary>Reflection.</summary>
    public const string Reflection = "grpc.reflection.v1.ServerReflection";

    /// <summary>Reflection as older clients call it.</summary>
    public const string ReflectionAlpha = "grpc.reflection.v1alpha.ServerReflection";

    /// <summary>The services that a host has mapped, once it runs.</summary>
    public static FrozenSet<string> Mapped(IServiceProvider services) => services.GetRequiredService<EndpointDataSource>().Endpoints
        .Select(static endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Service)
        .OfType<string>()
        .ToFrozenSet(StringComparer.Ordinal);
}
