using System.Buffers;
using System.Runtime.InteropServices;

namespace Slipway.Core;

/// <summary>
/// Memory for tensor bytes: pinned, 64-byte aligned, so that an engine can read it in place without pinning it again. Rented from a
/// <see cref="TensorBufferPool"/> and given back once, with <see cref="Dispose"/>. The content of a fresh buffer is arbitrary.
/// </summary>
public sealed class TensorBuffer : IMemoryOwner<byte>
{
    private readonly TensorBufferPool? _pool;
    private readonly int _length;
    private PinnedBlock? _block;

    internal TensorBuffer(TensorBufferPool? pool, PinnedBlock block, int length)
    {
        _pool = pool;
        _block = block;
        _length = length;
    }

    /// <summary>The bytes asked for; no more.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was given back.</exception>
    public Memory<byte> Memory
    {
        get
        {
            PinnedBlock? block = _block;
            ObjectDisposedException.ThrowIf(block is null, this);

            // The array lives on the pinned heap: pinning such a Memory costs nothing.
            return MemoryMarshal.CreateFromPinnedArray(block.Array, block.Offset, _length);
        }
    }

    /// <summary>The bytes asked for, as a span.</summary>
    public Span<byte> Span => Memory.Span;

    /// <summary>Gives the memory back. Calling it again does nothing.</summary>
    public void Dispose()
    {
        PinnedBlock? block = Interlocked.Exchange(ref _block, null);
        if (block is not null)
        {
            _pool?.Return(block);
        }
    }
}
