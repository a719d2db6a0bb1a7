namespace Slipway.Server.Telemetry;

/// <summary>Ways to speak OTLP.</summary>
public enum OtlpProtocol
{
    /// <summary>Protobuf over HTTP; conventional port 4318.</summary>
    Http = 0,

    /// <summary>gRPC; conventional port 4317.</summary>
    Grpc = 1,
}
