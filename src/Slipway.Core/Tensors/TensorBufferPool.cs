using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Slipway.Core;

/// <summary>
/// Lends aligned, pinned memory for tensors. Sizes are rounded up to a power of two; what comes back is kept for the next caller up to a bound
/// on bytes, the rest is left to the garbage collector. Thread-safe.
/// </summary>
public sealed class TensorBufferPool
{
    /// <summary>Alignment of every buffer in bytes: one cache line, and the widest vector in use.</summary>
    public const int Alignment = 64;

    private const int SmallestBits = 8;
    private const int LargestPooledBits = 26;

    // Up to 64 KiB each thread keeps one buffer of every size for itself: the buffers of small requests then never cross a lock or another core's cache.
    private const int LargestThreadBits = 16;

    [ThreadStatic]
    private static PinnedBlock?[]? t_blocks;

    private readonly bool _keepsByThread;
    private readonly ConcurrentStack<PinnedBlock>[] _free;
    private readonly long _maxRetainedBytes;
    private long _retainedBytes;

    /// <summary>Makes a pool that keeps at most <paramref name="maxRetainedBytes"/> bytes of free buffers (default 64 MiB; 0 keeps none).</summary>
    public TensorBufferPool(long maxRetainedBytes = 64L << 20)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxRetainedBytes);
        _maxRetainedBytes = maxRetainedBytes;
        _free = new ConcurrentStack<PinnedBlock>[LargestPooledBits - SmallestBits + 1];
        for (int i = 0; i < _free.Length; i++)
        {
            _free[i] = new ConcurrentStack<PinnedBlock>();
        }
    }

    private TensorBufferPool(bool keepsByThread)
        : this()
    {
        _keepsByThread = keepsByThread;
    }

    /// <summary>The pool of the process. On top of the bound each thread may keep some 128 KiB.</summary>
    public static TensorBufferPool Shared { get; } = new(keepsByThread: true);

    /// <summary>Bytes of free buffers held now, without those that threads keep for themselves.</summary>
    public long RetainedBytes => Volatile.Read(ref _retainedBytes);

    /// <summary>Lends a buffer of exactly <paramref name="length"/> bytes with arbitrary content.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative or above <see cref="int.MaxValue"/> - 64.</exception>
    public TensorBuffer Rent(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Array.MaxLength - Alignment);
        int bits = Math.Max(SmallestBits, length <= 1 ? 0 : BitOperations.Log2((ulong)length - 1) + 1);
        if (bits > LargestPooledBits)
        {
            return new TensorBuffer(null, Allocate((int)length), (int)length);
        }

        if (TryTakeOwn(bits) is { } own)
        {
            return new TensorBuffer(this, own, (int)length);
        }

        if (_free[bits - SmallestBits].TryPop(out PinnedBlock? block))
        {
            Interlocked.Add(ref _retainedBytes, -block.Capacity);
        }
        else
        {
            block = Allocate(1 << bits);
        }

        return new TensorBuffer(this, block, (int)length);
    }

    internal void Return(PinnedBlock block)
    {
        int bits = BitOperations.Log2((uint)block.Capacity);
        if (_keepsByThread && bits <= LargestThreadBits)
        {
            ref PinnedBlock? own = ref (t_blocks ??= new PinnedBlock?[LargestThreadBits - SmallestBits + 1])[bits - SmallestBits];
            if (own is null)
            {
                own = block;
                return;
            }
        }

        if (Interlocked.Add(ref _retainedBytes, block.Capacity) > _maxRetainedBytes)
        {
            Interlocked.Add(ref _retainedBytes, -block.Capacity);
            return;
        }

        _free[bits - SmallestBits].Push(block);
    }

    private PinnedBlock? TryTakeOwn(int bits)
    {
        if (!_keepsByThread || bits > LargestThreadBits || t_blocks is not { } blocks)
        {
            return null;
        }

        ref PinnedBlock? slot = ref blocks[bits - SmallestBits];
        PinnedBlock? block = slot;
        slot = null;
        return block;
    }

    private static PinnedBlock Allocate(int capacity)
    {
        byte[] pinned = GC.AllocateUninitializedArray<byte>(capacity + Alignment, pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
        int offset = (int)((Alignment - (address & (Alignment - 1))) & (Alignment - 1));
        return new PinnedBlock(pinned, offset, capacity);
    }
}
