using System.Security.Cryptography;
using Slipway.Core;
using Slipway.Registry.S3.Writing;

namespace Slipway.Registry.S3.Reading;

/// <summary>
/// A blob as a stream that can seek and never gives wrong content as right. Read from the front it comes straight from the server, and the last bytes are withheld when the whole does not
/// fit the digest. The first jump makes sure of the whole once: it is fetched and compared before any byte from the middle is given; later jumps, of any stream of this process, read ranges.
/// Not thread-safe.
/// </summary>
internal sealed class S3BlobStream(StoredBlob source, Stream first, S3Options options, TimeProvider time, VerifiedBlobs verified) : Stream
{
    private const int RangeBytes = 4 << 20;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private ResumingReader? _forward = new(source, options, time, 0, source.Length, first);
    private long _hashed;
    private Spool? _whole;
    private byte[]? _range;
    private long _rangeStart;
    private int _rangeLength;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => source.Length;

    public override long Position { get; set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= Length || buffer.IsEmpty)
        {
            return 0;
        }

        int read = _forward is not null && Position == _hashed
            ? await ReadForwardAsync(_forward, buffer, cancellationToken)
            : await ReadAnywhereAsync(buffer, cancellationToken);
        Position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // A reader that can't wait asynchronously blocks here, as on any stream from a network; there is no context to deadlock with.
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override long Seek(long offset, SeekOrigin origin)
    {
        long target = offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => Position,
            _ => Length,
        };
        return target >= 0 ? Position = target : throw new IOException("a stream has no place before its beginning");
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _forward?.Dispose();
        _whole?.Dispose();
        _whole = null;
        _hash.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadForwardAsync(ResumingReader forward, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int read = await forward.ReadAsync(buffer, cancellationToken);
        _hash.AppendData(buffer.Span[..read]);
        _hashed += read;
        if (_hashed == Length)
        {
            CloseForward();
            if (Sha256Digest.FromHash(_hash.GetHashAndReset()) != source.Digest)
            {
                throw source.Damaged();
            }

            verified.Add(source.Digest, source.Mark);
        }

        return read;
    }

    private async ValueTask<int> ReadAnywhereAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        CloseForward();
        if (_whole is null && !verified.Contains(source.Digest, source.Mark))
        {
            _whole = await FetchAsync(cancellationToken);
            verified.Add(source.Digest, source.Mark);
        }

        if (_whole is { } whole)
        {
            return await whole.ReadAsync(Position, buffer, cancellationToken);
        }

        if (Position < _rangeStart || Position >= _rangeStart + _rangeLength)
        {
            await ReadRangeAsync(cancellationToken);
        }

        int skip = (int)(Position - _rangeStart);
        int count = Math.Min(buffer.Length, _rangeLength - skip);
        _range.AsMemory(skip, count).CopyTo(buffer);
        return count;
    }

    private async Task<Spool> FetchAsync(CancellationToken cancellationToken)
    {
        using ResumingReader reader = new(source, options, time, 0, Length, null);
        await using ForwardStream content = new(reader);
        Spool spool = await Spool.ReadAsync(content, Length, options.SpoolFolder, cancellationToken);
        if (spool.Digest != source.Digest)
        {
            spool.Dispose();
            throw source.Damaged();
        }

        return spool;
    }

    private async Task ReadRangeAsync(CancellationToken cancellationToken)
    {
        long end = Math.Min(Position + RangeBytes, Length);
        using ResumingReader reader = new(source, options, time, Position, end, null);
        _range ??= new byte[RangeBytes];
        _rangeLength = 0;
        int filled = 0;
        int read;
        while ((read = await reader.ReadAsync(_range.AsMemory(filled), cancellationToken)) > 0)
        {
            filled += read;
        }

        (_rangeStart, _rangeLength) = (Position, filled);
    }

    private void CloseForward()
    {
        _forward?.Dispose();
        _forward = null;
    }
}
