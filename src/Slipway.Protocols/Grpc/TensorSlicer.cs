using Slipway.Core;

namespace Slipway.Protocols.Grpc;

/// <summary>
/// Makes tensors of parts of a received message without copying them: the message's memory lives until the last of its tensors is disposed. A part that does not
/// begin on a multiple of its element's size is moved to memory of its own, as not everything that computes with it can bear that.
/// Disposing ends the making of tensors, not the tensors.
/// </summary>
internal struct TensorSlicer : IDisposable
{
    private SharedOwner? _owner;

    /// <summary>A tensor over a part of the message.</summary>
    /// <param name="message">Gives up its memory with the first slice.</param>
    /// <param name="name">Name of the input.</param>
    /// <param name="type">Element type.</param>
    /// <param name="shape">Shape, of exactly the size of the part.</param>
    /// <param name="place">The part.</param>
    public Tensor Slice(ref GrpcMessage message, string name, TensorDataType type, TensorShape shape, Range place)
    {
        ReadOnlyMemory<byte> part = message.Memory[place];
        if (!IsAligned(message.Start + place.Start.Value, type))
        {
            TensorBuffer moved = TensorBufferPool.Shared.Rent(part.Length);
            part.Span.CopyTo(moved.Span);
            return new Tensor(name, type, shape, moved.Memory, moved);
        }

        _owner ??= new SharedOwner(message.TakeOwner());
        return new Tensor(name, type, shape, part, _owner.Acquire());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _owner?.Dispose();
        _owner = null;
    }

    private static bool IsAligned(int position, TensorDataType type) => (position & (Math.Max(1, type.ElementSize()) - 1)) == 0;
}
