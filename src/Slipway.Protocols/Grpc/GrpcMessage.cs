using Slipway.Core;

namespace Slipway.Protocols.Grpc;

/// <summary>
/// One received message in one piece of pooled memory, released with <see cref="Dispose"/> unless <see cref="TakeOwner"/> has handed it on.
/// An uncompressed message ends on an alignment boundary, so that the tensor at its end, which is nearly all of a large message, is aligned when its size is.
/// </summary>
internal struct GrpcMessage : IDisposable
{
    private IDisposable? _owner;

    /// <summary>A message in a buffer, which it takes over.</summary>
    public GrpcMessage(TensorBuffer buffer, int start, int length)
        : this(buffer, buffer.Memory, start, length)
    {
    }

    /// <summary>A message in a large buffer, which it takes over.</summary>
    public GrpcMessage(BudgetedBuffer buffer, int start, int length)
        : this(buffer, buffer.Memory, start, length)
    {
    }

    private GrpcMessage(IDisposable owner, ReadOnlyMemory<byte> memory, int start, int length)
    {
        _owner = owner;
        Memory = memory.Slice(start, length);
        Start = start;
    }

    /// <summary>The message's bytes; valid until the owner is disposed.</summary>
    public ReadOnlyMemory<byte> Memory { get; }

    /// <summary>Where the message begins, counted from an address that is a multiple of <see cref="TensorBufferPool.Alignment"/>.</summary>
    public int Start { get; }

    /// <summary>The owner of the bytes, whom the caller disposes from now on.</summary>
    public IDisposable TakeOwner()
    {
        IDisposable owner = _owner ?? throw new ObjectDisposedException(nameof(GrpcMessage));
        _owner = null;
        return owner;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _owner?.Dispose();
        _owner = null;
    }
}
