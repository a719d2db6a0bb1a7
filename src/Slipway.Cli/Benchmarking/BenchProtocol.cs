namespace Slipway.Cli.Benchmarking;

/// <summary>How requests are put.</summary>
internal enum BenchProtocol
{
    /// <summary>Open Inference over REST, numbers as JSON.</summary>
    Json = 0,

    /// <summary>Open Inference over REST, tensors as bytes.</summary>
    Binary = 1,

    /// <summary>Open Inference over gRPC, tensors as bytes.</summary>
    Grpc = 2,
}
