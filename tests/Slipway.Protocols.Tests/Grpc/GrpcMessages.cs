using Slipway.Core;
using Slipway.Protocols.Grpc;

namespace Slipway.Protocols.Tests.Grpc;

/// <summary>Messages as they lie in memory after they were received.</summary>
internal static class GrpcMessages
{
    public static GrpcMessage Of(byte[] bytes)
    {
        int start = -bytes.Length & (TensorBufferPool.Alignment - 1);
        TensorBuffer buffer = TensorBufferPool.Shared.Rent(start + bytes.Length);
        bytes.CopyTo(buffer.Span[start..]);
        return new GrpcMessage(buffer, start, bytes.Length);
    }
}
