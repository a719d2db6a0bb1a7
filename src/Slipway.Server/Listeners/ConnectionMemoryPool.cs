using System.Buffers;
using System.Runtime.InteropServices;

namespace Slipway.Server.Listeners;

/// <summary>
/// Lends connections the memory that they receive into and send from, in blocks that a body of some size fills with few calls of the system: 64 KiB each while few are
/// lent, 4 KiB each, as the web server's own pool has them, while many connections are in the midst of a request. Keeps some free blocks of both kinds, the last returned
/// first out, since it is still in a cache. Thread-safe.
/// </summary>
internal sealed class ConnectionMemoryPool : MemoryPool<byte>
{
    /// <summary>Bytes of a block that is asked for without saying more than the web server does.</summary>
    public const int LargeBlock = 64 << 10;

    /// <summary>Bytes of a block when <see cref="MostLarge"/> large ones are lent.</summary>
    public const int SmallBlock = 4 << 10;

    /// <summary>Most large blocks lent at once for what a small one would do for: 8 MiB.</summary>
    public const int MostLarge = 128;

    // As many as are lent at once: fewer would be made anew and dropped all the time, each a step towards a collection of everything.
    private const int MostFreeLarge = MostLarge;
    private const int MostFreeSmall = 1024;

    private readonly Lock _lock = new();
    private readonly Stack<Block> _freeLarge = [];
    private readonly Stack<Block> _freeSmall = [];
    private int _largeLent;
    private bool _isDisposed;

    /// <inheritdoc/>
    public override int MaxBufferSize => LargeBlock;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minBufferSize"/> is above <see cref="MaxBufferSize"/>.</exception>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, LargeBlock);
        bool isLarge;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            isLarge = minBufferSize > SmallBlock || _largeLent < MostLarge;
            _largeLent += isLarge ? 1 : 0;
            if ((isLarge ? _freeLarge : _freeSmall).TryPop(out Block? free))
            {
                free.IsLent = true;
                return free;
            }
        }

        // Pinned for good: the system writes into it. Not cleared, so that of a large block only the pages that were written to take memory.
        return new Block(this, GC.AllocateUninitializedArray<byte>(isLarge ? LargeBlock : SmallBlock, pinned: true));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        lock (_lock)
        {
            _isDisposed = true;
            _freeLarge.Clear();
            _freeSmall.Clear();
        }
    }

    private void Return(Block block)
    {
        lock (_lock)
        {
            if (!block.IsLent)
            {
                return;
            }

            block.IsLent = false;
            bool isLarge = block.Memory.Length == LargeBlock;
            _largeLent -= isLarge ? 1 : 0;
            Stack<Block> free = isLarge ? _freeLarge : _freeSmall;
            if (!_isDisposed && free.Count < (isLarge ? MostFreeLarge : MostFreeSmall))
            {
                free.Push(block);
            }
        }
    }

    private sealed class Block(ConnectionMemoryPool pool, byte[] array) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = MemoryMarshal.CreateFromPinnedArray(array, 0, array.Length);

        /// <summary>Guarded by the pool's lock, so that what is disposed of twice is returned once.</summary>
        public bool IsLent { get; set; } = true;

        public void Dispose() => pool.Return(this);
    }
}
