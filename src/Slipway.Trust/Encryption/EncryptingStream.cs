using System.Security.Cryptography;
using Slipway.Core;

namespace Slipway.Trust.Encryption;

/// <summary>
/// Reads content and gives out its encrypted form; the content is hashed in the same pass. What it gives is whole only when it was read to its end. Not thread-safe.
/// </summary>
internal sealed class EncryptingStream : Stream
{
    private readonly Stream _content;
    private readonly long _maxBytes;
    private readonly byte[] _head;
    private readonly AesGcm _cipher;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _next = new byte[BlobFormat.ChunkBytes];
    private byte[] _current = new byte[BlobFormat.ChunkBytes];
    private readonly byte[] _out = new byte[BlobFormat.ChunkBytes + BlobFormat.TagBytes];
    private readonly byte[] _nonce = new byte[BlobFormat.NonceBytes];
    private ReadOnlyMemory<byte> _ready;
    private int _nextLength = -1;
    private long _chunk;
    private bool _ended;

    /// <param name="content">The content; stays the caller's.</param>
    /// <param name="dataKey">The blob's data key.</param>
    /// <param name="maxBytes">Most bytes of content.</param>
    public EncryptingStream(Stream content, ReadOnlySpan<byte> dataKey, long maxBytes)
    {
        (_content, _maxBytes) = (content, maxBytes);
        _head = BlobFormat.NewHead();
        _cipher = BlobFormat.CipherOf(dataKey, _head);
        _ready = _head;
    }

    /// <summary>Bytes of content so far.</summary>
    public long ContentBytes { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The digest of the content; to be asked for once, when all was read.</summary>
    public Sha256Digest FinishDigest() => Sha256Digest.FromHash(_hash.GetHashAndReset());

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_ready.IsEmpty && !_ended)
        {
            await FillAsync(cancellationToken);
        }

        int count = Math.Min(buffer.Length, _ready.Length);
        _ready[..count].CopyTo(buffer);
        _ready = _ready[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("read asynchronously");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _cipher.Dispose();
            _hash.Dispose();
            CryptographicOperations.ZeroMemory(_current);
            CryptographicOperations.ZeroMemory(_next);
        }

        base.Dispose(disposing);
    }

    // One chunk is read ahead, as only the one behind which nothing comes is the last.
    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_nextLength < 0)
        {
            _nextLength = await ReadChunkAsync(_next, cancellationToken);
        }

        (_current, _next) = (_next, _current);
        int length = _nextLength;
        _nextLength = length < BlobFormat.ChunkBytes ? 0 : await ReadChunkAsync(_next, cancellationToken);
        _ended = _nextLength == 0;
        BlobFormat.WriteNonce(_nonce, _chunk++, _ended);
        _cipher.Encrypt(_nonce, _current.AsSpan(0, length), _out.AsSpan(0, length), _out.AsSpan(length, BlobFormat.TagBytes), _head);
        _ready = _out.AsMemory(0, length + BlobFormat.TagBytes);
    }

    private async ValueTask<int> ReadChunkAsync(byte[] chunk, CancellationToken cancellationToken)
    {
        int length = await _content.ReadAtLeastAsync(chunk, chunk.Length, throwOnEndOfStream: false, cancellationToken);
        ContentBytes += length;
        if (ContentBytes > _maxBytes)
        {
            throw new SlipwayException(ErrorCode.PayloadTooLarge, $"the content has more than {_maxBytes} bytes");
        }

        _hash.AppendData(chunk, 0, length);
        return length;
    }
}
