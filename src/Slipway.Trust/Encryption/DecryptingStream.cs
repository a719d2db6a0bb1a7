using System.Security.Cryptography;
using Slipway.Core;

namespace Slipway.Trust.Encryption;

/// <summary>
/// Reads an encrypted blob, in any order; nothing of a chunk is given out before its tag was found right. Content that is read from its start to its end is compared
/// with the digest too. Only memory ever holds it. Not thread-safe.
/// </summary>
internal sealed class DecryptingStream : Stream
{
    private readonly Stream _blob;
    private readonly AesGcm _cipher;
    private readonly byte[] _head;
    private readonly long _chunks;
    private readonly Sha256Digest _digest;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _sealed = new byte[BlobFormat.ChunkBytes + BlobFormat.TagBytes];
    private readonly byte[] _open = new byte[BlobFormat.ChunkBytes];
    private readonly byte[] _nonce = new byte[BlobFormat.NonceBytes];
    private long _loaded = -1;
    private long _hashed;
    private long _position;

    private DecryptingStream(Stream blob, AesGcm cipher, byte[] head, long length, Sha256Digest digest)
    {
        (_blob, _cipher, _head, Length, _digest) = (blob, cipher, head, length, digest);
        _chunks = BlobFormat.ChunksOf(length);
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; }

    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    /// <summary>Opens a blob.</summary>
    /// <param name="blob">The blob, which can seek; belongs to the new stream, also when it is refused.</param>
    /// <param name="dataKey">Its data key.</param>
    /// <param name="length">Size of the content.</param>
    /// <param name="digest">Digest of the content.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.Internal"/>: it is no encrypted blob, or of another size.</exception>
    public static async ValueTask<DecryptingStream> OpenAsync(Stream blob, ReadOnlyMemory<byte> dataKey, long length, Sha256Digest digest, CancellationToken cancellationToken)
    {
        try
        {
            byte[] head = new byte[BlobFormat.HeadBytes];
            blob.Position = 0;
            int read = await blob.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
            return read == head.Length && BlobFormat.IsHead(head) && blob.Length == BlobFormat.BlobBytes(length)
                ? new DecryptingStream(blob, BlobFormat.CipherOf(dataKey.Span, head), head, length, digest)
                : throw Damaged(digest);
        }
        catch
        {
            await blob.DisposeAsync();
            throw;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= Length || buffer.IsEmpty)
        {
            // Content of no length is proved by its one chunk.
            if (Length == 0 && _loaded < 0)
            {
                Unseal(await ReadSealedAsync(0, cancellationToken), 0);
            }

            return 0;
        }

        long chunk = _position / BlobFormat.ChunkBytes;
        if (chunk != _loaded)
        {
            Unseal(await ReadSealedAsync(chunk, cancellationToken), chunk);
        }

        return Give(buffer.Span);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer)
    {
        if (_position >= Length || buffer.IsEmpty)
        {
            if (Length == 0 && _loaded < 0)
            {
                Unseal(ReadSealed(0), 0);
            }

            return 0;
        }

        long chunk = _position / BlobFormat.ChunkBytes;
        if (chunk != _loaded)
        {
            Unseal(ReadSealed(chunk), chunk);
        }

        return Give(buffer);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _blob.Dispose();
            _cipher.Dispose();
            _hash.Dispose();
            CryptographicOperations.ZeroMemory(_open);
        }

        base.Dispose(disposing);
    }

    private int LengthOf(long chunk) => (int)Math.Min(BlobFormat.ChunkBytes, Length - (chunk * BlobFormat.ChunkBytes));

    private async ValueTask<int> ReadSealedAsync(long chunk, CancellationToken cancellationToken)
    {
        int wanted = LengthOf(chunk) + BlobFormat.TagBytes;
        _blob.Position = BlobFormat.HeadBytes + (chunk * (BlobFormat.ChunkBytes + BlobFormat.TagBytes));
        return await _blob.ReadAtLeastAsync(_sealed.AsMemory(0, wanted), wanted, throwOnEndOfStream: false, cancellationToken);
    }

    private int ReadSealed(long chunk)
    {
        int wanted = LengthOf(chunk) + BlobFormat.TagBytes;
        _blob.Position = BlobFormat.HeadBytes + (chunk * (BlobFormat.ChunkBytes + BlobFormat.TagBytes));
        return _blob.ReadAtLeast(_sealed.AsSpan(0, wanted), wanted, throwOnEndOfStream: false);
    }

    // Opens the chunk that was read.
    private void Unseal(int read, long chunk)
    {
        int length = LengthOf(chunk);
        _loaded = -1;
        BlobFormat.WriteNonce(_nonce, chunk, chunk == _chunks - 1);
        try
        {
            if (read != length + BlobFormat.TagBytes)
            {
                throw Damaged(_digest);
            }

            _cipher.Decrypt(_nonce, _sealed.AsSpan(0, length), _sealed.AsSpan(length, BlobFormat.TagBytes), _open.AsSpan(0, length), _head);
        }
        catch (CryptographicException)
        {
            throw Damaged(_digest);
        }

        _loaded = chunk;
        Hash(chunk, length);
    }

    // The digest is that of all chunks in their order; whoever jumps about has the tags only.
    private void Hash(long chunk, int length)
    {
        if (chunk != _hashed)
        {
            return;
        }

        _hash.AppendData(_open, 0, length);
        _hashed++;
        if (_hashed == _chunks && Sha256Digest.FromHash(_hash.GetHashAndReset()) != _digest)
        {
            _loaded = -1;
            throw Damaged(_digest);
        }
    }

    private int Give(Span<byte> buffer)
    {
        int at = (int)(_position % BlobFormat.ChunkBytes);
        int count = Math.Min(buffer.Length, LengthOf(_loaded) - at);
        _open.AsSpan(at, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    private static SlipwayException Damaged(Sha256Digest digest) =>
        new(ErrorCode.Internal, $"blob {digest} can't be decrypted: it has been altered or cut, or its key is another one; nothing of the damaged part is given out");
}
