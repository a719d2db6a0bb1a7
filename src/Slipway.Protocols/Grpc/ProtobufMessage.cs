using System.IO.Pipelines;
using Google.Protobuf;

namespace Slipway.Protocols.Grpc;

/// <summary>A generated message, to be written.</summary>
internal readonly struct ProtobufMessage(IMessage message) : IGrpcMessage
{
    /// <inheritdoc/>
    public int Length { get; } = message.CalculateSize();

    /// <inheritdoc/>
    public ValueTask WriteToAsync(PipeWriter writer, CancellationToken cancellationToken)
    {
        message.WriteTo(writer);
        return ValueTask.CompletedTask;
    }
}
