using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Slipway.Core;

namespace Slipway.Registry.Blobs;

/// <summary>
/// Writes content to a file in one pass on up to three threads: while a buffer is read, those before it are hashed and written, and the system brings them to the disk, so that the
/// slowest of the four decides. For one content; not thread-safe.
/// </summary>
/// <param name="file">A new file; stays the caller's.</param>
/// <param name="cancellationToken">Ends it between buffers.</param>
internal sealed class BlobPipeline(SafeFileHandle file, CancellationToken cancellationToken)
{
    private const int BufferBytes = 1 << 20;

    // One is read, one hashed, one written, and one lies between them, for none is always the slowest.
    private const int Buffers = 4;

    // Sent to the disk while the rest is still on its way, so that the last sync is short.
    private const long BytesSentAtOnce = 16L << 20;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Queue<(Task Done, byte[] Buffer)> _underWay = new();
    private Task _hashed = Task.CompletedTask;
    private Task _written = Task.CompletedTask;
    private long _length;

    /// <summary>Takes the whole content and makes it durable.</summary>
    /// <param name="content">The content; stays the caller's.</param>
    /// <param name="maxBytes">Most bytes that are taken.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.PayloadTooLarge"/>; or the file can't be written.</exception>
    public async Task<(Sha256Digest Digest, long Length)> TakeAsync(Stream content, long maxBytes)
    {
        try
        {
            int count;
            do
            {
                count = await TakeBufferAsync(content, maxBytes);
            }
            while (count == BufferBytes);

            await Task.WhenAll(_hashed, _written);
            await Task.Run(() => BlobFiles.Do(() => RandomAccess.FlushToDisk(file)), cancellationToken);
            return (Sha256Digest.FromHash(_hash.GetHashAndReset()), _length);
        }
        finally
        {
            // Buffers go back, and the file is closed, only when the system is done with them.
            await Task.WhenAll(_hashed, _written).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (_underWay.TryDequeue(out (Task, byte[] Buffer) left))
            {
                ArrayPool<byte>.Shared.Return(left.Buffer);
            }

            _hash.Dispose();
        }
    }

    private async Task<int> TakeBufferAsync(Stream content, long maxBytes)
    {
        byte[] buffer = await FreeBufferAsync();
        int count = 0;
        try
        {
            count = await content.ReadAtLeastAsync(buffer.AsMemory(0, BufferBytes), BufferBytes, throwOnEndOfStream: false, cancellationToken);
            if (_length + count > maxBytes)
            {
                throw new SlipwayException(ErrorCode.PayloadTooLarge, $"the content is larger than the {maxBytes} bytes that are taken");
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }

        ReadOnlyMemory<byte> bytes = buffer.AsMemory(0, count);
        _hashed = HashAsync(_hashed, bytes);
        _written = WriteAsync(_written, bytes, _length);
        _underWay.Enqueue((Task.WhenAll(_hashed, _written), buffer));
        _length += count;
        return count;
    }

    private async ValueTask<byte[]> FreeBufferAsync()
    {
        if (_underWay.Count < Buffers)
        {
            return ArrayPool<byte>.Shared.Rent(BufferBytes);
        }

        await _underWay.Peek().Done;
        return _underWay.Dequeue().Buffer;
    }

    private async Task HashAsync(Task before, ReadOnlyMemory<byte> bytes)
    {
        await before;
        await Task.Run(() => _hash.AppendData(bytes.Span), cancellationToken);
    }

    private async Task WriteAsync(Task before, ReadOnlyMemory<byte> bytes, long offset)
    {
        await before;
        await Task.Run(() => BlobFiles.Do(() => RandomAccess.Write(file, bytes.Span, offset)), cancellationToken);
        long end = offset + bytes.Length;
        if (end % BytesSentAtOnce == 0)
        {
            FolderFiles.SendToDisk(file, end - BytesSentAtOnce, BytesSentAtOnce);
        }
    }
}
