using System.Buffers;
using System.Security.Cryptography;
using Slipway.Core;

namespace Slipway.Registry.Blobs;

/// <summary>
/// Reads a blob and fails when its bytes do not fit its digest: read from the beginning it is hashed on the way, and the last bytes are only handed out when all fit; read in any other
/// order it is hashed as a whole before the first bytes are handed out, unless that was done before. For one reader at a time.
/// </summary>
internal sealed class VerifyingStream(Stream file, Sha256Digest digest, VerifiedBlobs verified, DateTime written) : Stream
{
    private const int BufferBytes = 1 << 18;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly long _length = file.Length;
    private long _position;
    private long _hashed;
    private bool _isVerified;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (buffer.Length == 0 || _position >= _length)
        {
            CheckEnd();
            return 0;
        }

        if (!_isVerified && _position != _hashed)
        {
            VerifyWhole();
        }

        file.Position = _position;
        int count = file.Read(buffer[..(int)Math.Min(buffer.Length, _length - _position)]);
        return Taken(buffer[..count]);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0 || _position >= _length)
        {
            CheckEnd();
            return 0;
        }

        if (!_isVerified && _position != _hashed)
        {
            VerifyWhole();
        }

        file.Position = _position;
        int count = await file.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _length - _position)], cancellationToken);
        return Taken(buffer.Span[..count]);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin)
    {
        long target = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => _length + offset,
        };
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(offset));
        return _position = target;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            file.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Taken(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            throw Damaged();
        }

        if (!_isVerified)
        {
            _hash.AppendData(bytes);
            _hashed += bytes.Length;
            if (_hashed == _length)
            {
                Conclude();
            }
        }

        _position += bytes.Length;
        return bytes.Length;
    }

    /// <summary>An empty blob has no last bytes at which to conclude.</summary>
    private void CheckEnd()
    {
        if (_length == 0 && !_isVerified)
        {
            Conclude();
        }
    }

    private void VerifyWhole()
    {
        if (verified.Contains(digest, _length, written))
        {
            _isVerified = true;
            return;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            file.Position = _hashed;
            while (_hashed < _length)
            {
                int count = file.Read(buffer, 0, (int)Math.Min(buffer.Length, _length - _hashed));
                if (count == 0)
                {
                    throw Damaged();
                }

                _hash.AppendData(buffer.AsSpan(0, count));
                _hashed += count;
            }

            Conclude();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Conclude()
    {
        if (Sha256Digest.FromHash(_hash.GetHashAndReset()) != digest)
        {
            throw Damaged();
        }

        _isVerified = true;
        verified.Add(digest, _length, written);
    }

    private SlipwayException Damaged() => new($"blob {digest} is damaged: its bytes do not fit its digest");
}
