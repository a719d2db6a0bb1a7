using System.Buffers;
using System.IO.Pipelines;

namespace Slipway.Protocols.Http;

/// <summary>
/// Collects an answer in pooled pieces, so that its length is known before its head is sent and a fault while writing it can still become an error status.
/// Grows by adding pieces, never by copying.
/// </summary>
internal sealed class ResponseBuffer : IBufferWriter<byte>, IDisposable
{
    private const int SmallestPiece = 4 << 10;
    private const int LargestPiece = 1 << 20;

    private List<(byte[] Array, int Used)>? _full;
    private byte[] _current = ArrayPool<byte>.Shared.Rent(SmallestPiece);
    private int _used;
    private long _fullLength;

    /// <summary>Bytes written.</summary>
    public long Length => _fullLength + _used;

    /// <inheritdoc/>
    public void Advance(int count) => _used += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _current.AsMemory(_used);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _current.AsSpan(_used);
    }

    /// <summary>Writes everything, waiting for the receiver between pieces.</summary>
    public async ValueTask WriteToAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        if (_full is not null)
        {
            foreach ((byte[] array, int used) in _full)
            {
                await output.WriteAsync(array.AsMemory(0, used), cancellationToken);
            }
        }

        await output.WriteAsync(_current.AsMemory(0, _used), cancellationToken);
    }

    /// <summary>Writes everything into a stream.</summary>
    public async ValueTask WriteToAsync(Stream output, CancellationToken cancellationToken)
    {
        if (_full is not null)
        {
            foreach ((byte[] array, int used) in _full)
            {
                await output.WriteAsync(array.AsMemory(0, used), cancellationToken);
            }
        }

        await output.WriteAsync(_current.AsMemory(0, _used), cancellationToken);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (_full is not null)
        {
            foreach ((byte[] array, _) in _full)
            {
                ArrayPool<byte>.Shared.Return(array);
            }

            _full = null;
        }

        ArrayPool<byte>.Shared.Return(_current);
        _current = [];
        _used = 0;
    }

    private void Reserve(int sizeHint)
    {
        if (_current.Length - _used >= Math.Max(sizeHint, 1))
        {
            return;
        }

        (_full ??= []).Add((_current, _used));
        _fullLength += _used;
        _current = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, Math.Min(LargestPiece, 2 * _current.Length)));
        _used = 0;
    }
}
