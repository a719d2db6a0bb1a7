namespace Slipway.Protocols.Grpc;

/// <summary>Endpoint metadata: the gRPC method that is mapped.</summary>
/// <param name="Service">Full name of the service.</param>
/// <param name="Method">Name of the method.</param>
public sealed record GrpcMethodMetadata(string Service, string Method);
