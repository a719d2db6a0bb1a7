using Amazon.S3;

namespace Slipway.Registry.S3.Reading;

/// <summary>Reads a range of an object forward, and goes on where it was after a lost or silent connection.</summary>
internal sealed class ResumingReader(StoredBlob source, S3Options options, TimeProvider time, long position, long end, Stream? current) : IDisposable
{
    private Stream? _current = current;
    private long _position = position;

    /// <summary>Reads what comes next, at least one byte; 0 at the end of the range.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_position >= end || buffer.IsEmpty)
        {
            return 0;
        }

        Memory<byte> wanted = buffer[..(int)Math.Min(buffer.Length, end - _position)];
        for (int fault = 0; ; fault++)
        {
            try
            {
                int read = await ReadOnceAsync(wanted, cancellationToken);
                if (read > 0)
                {
                    _position += read;
                    return read;
                }

                throw new IOException("the connection ended before the content");
            }
            catch (Exception failed) when (source.Explain(failed, cancellationToken) is { } explained)
            {
                Forget();
                if (failed is AmazonS3Exception || fault >= options.Retries)
                {
                    // The client has tried its own requests again already; what it throws is final.
                    throw explained;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(100 << fault, 5_000)), time, cancellationToken);
        }
    }

    public void Dispose() => Forget();

    private async ValueTask<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using ITimer silence = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), stall, options.Timeout, Timeout.InfiniteTimeSpan);
        _current ??= await source.OpenRangeAsync(_position, end - 1, stall.Token);
        return await _current.ReadAsync(buffer, stall.Token);
    }

    private void Forget()
    {
        _current?.Dispose();
        _current = null;
    }
}
