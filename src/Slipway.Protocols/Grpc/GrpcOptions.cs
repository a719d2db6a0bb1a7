using System.ComponentModel.DataAnnotations;

namespace Slipway.Protocols.Grpc;

/// <summary>Limits and habits of the gRPC side.</summary>
public sealed class GrpcOptions
{
    /// <summary>
    /// Largest message accepted, in bytes as they arrive. Default 2^31-1 less the room that a buffer needs: clients of inference servers set their own
    /// limits to 2^31-1 and expect no smaller one here. Memory is taken as the bytes arrive, not as they are announced.
    /// </summary>
    [Range(1024, MaxMessageSize)] public int MaxReceiveMessageSize { get; set; } = MaxMessageSize;

    /// <summary>Largest compressed message after it is decompressed, in bytes. Default 256 MiB: what a small bomb may grow to.</summary>
    [Range(1024, MaxMessageSize)] public int MaxDecompressedMessageSize { get; set; } = 256 << 20;

    /// <summary>
    /// Smallest answer that is compressed, in bytes, for a caller who compresses its own messages. Default 1 KiB: below, the frame costs more than it saves.
    /// </summary>
    [Range(0, int.MaxValue)] public int CompressionThreshold { get; set; } = 1024;

    /// <summary>Requests of one inference stream that run at the same time; the stream is not read further while so many wait. Default 32.</summary>
    [Range(1, 4096)] public int MaxStreamConcurrency { get; set; } = 32;

    /// <summary>How often a watched health status is looked at, in milliseconds. Default 500.</summary>
    [Range(10, 3_600_000)] public int HealthWatchIntervalMilliseconds { get; set; } = 500;

    // The array limit of the runtime less the alignment of a tensor buffer.
    private const int MaxMessageSize = 0x7FFFFFC7 - 128;
}
