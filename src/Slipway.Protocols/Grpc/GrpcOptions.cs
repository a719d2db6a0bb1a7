using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Slipway.Protocols.Grpc;

/// <summary>Limits and habits of the gRPC side.</summary>
public sealed class GrpcOptions
{
    /// <summary>What a message can have at most, in bytes: the array limit of the runtime less the alignment of a tensor buffer.</summary>
    public const int LargestMessage = 0x7FFFFFC7 - 128;

    /// <summary>
    /// Largest message accepted, in bytes as they arrive. Default <see cref="LargestMessage"/>: clients of inference servers set their own
    /// limits to 2^31-1 and expect no smaller one here. Memory is taken as the bytes arrive, not as they are announced.
    /// </summary>
    public int MaxReceiveMessageSize { get; set; } = LargestMessage;

    /// <summary>Largest compressed message after it is decompressed, in bytes. Default 256 MiB: what a small bomb may grow to.</summary>
    public int MaxDecompressedMessageSize { get; set; } = 256 << 20;

    /// <summary>
    /// Smallest answer that is compressed, in bytes, for a caller who compresses its own messages. Default 1 KiB: below, the frame costs more than it saves.
    /// </summary>
    public int CompressionThreshold { get; set; } = 1024;

    /// <summary>Requests of one inference stream that run at the same time; the stream is not read further while so many wait. Default 32.</summary>
    public int MaxStreamConcurrency { get; set; } = 32;

    /// <summary>How often a watched health status is looked at, in milliseconds. Default 500.</summary>
    public int HealthWatchIntervalMilliseconds { get; set; } = 500;

    /// <summary>The options of a host, or the defaults where it has none.</summary>
    internal static GrpcOptions From(IServiceProvider services) => services.GetService<IOptions<GrpcOptions>>()?.Value ?? new GrpcOptions();
}
