using System.IO.Pipelines;

namespace Slipway.Protocols.Grpc;

/// <summary>A message that can write itself.</summary>
internal interface IGrpcMessage
{
    /// <summary>Encoded length in bytes.</summary>
    int Length { get; }

    /// <summary>
    /// Writes exactly <see cref="Length"/> bytes. A large message flushes on its way, so that no more than its reader can take is held.
    /// </summary>
    ValueTask WriteToAsync(PipeWriter writer, CancellationToken cancellationToken);
}
