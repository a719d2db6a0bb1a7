using Slipway.Core;
using Slipway.Protocols.Grpc;

namespace Slipway.Fuzz.Targets;

/// <summary>Messages as they lie in memory after they were received.</summary>
internal static class ReceivedMessages
{
    public static GrpcMessage Of(byte[] bytes)
    {
        TensorBuffer buffer = TensorBufferPool.Shared.Rent(bytes.Length);
        bytes.CopyTo(buffer.Span);
        return new GrpcMessage(buffer, 0, bytes.Length);
    }
}
