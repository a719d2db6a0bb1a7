using Slipway.Core;

namespace Slipway.Protocols.Grpc;

/// <summary>
/// One received message in one piece of pooled memory, released with <see cref="Dispose"/> unless <see cref="TakeOwner"/> has handed it on.
/// An uncompressed message ends on an alignment boundary, so that the tensor at its end, which is nearly all of a large message, is aligned when its size is.
/// </summary>
internal struct GrpcMessage(TensorBuffer buffer, int start, int length) : IDisposable
{
    private TensorBuffer? _buffer = buffer;

    /// <summary>The message's bytes; valid until the owner is disposed.</summary>
    public ReadOnlyMemory<byte> Memory { get; } = buffer.Memory.Slice(start, length);

    /// <summary>Where the message begins, counted from an address that is a multiple of <see cref="TensorBufferPool.Alignment"/>.</summary>
    public int Start { get; } = start;

    /// <summary>The owner of the bytes, whom the caller disposes from now on.</summary>
    public TensorBuffer TakeOwner()
    {
        TensorBuffer owner = _buffer ?? throw new ObjectDisposedException(nameof(GrpcMessage));
        _buffer = null;
        return owner;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _buffer?.Dispose();
        _buffer = null;
    }
}
