namespace Slipway.Bench.Stores;

/// <summary>The same bytes over and over.</summary>
internal sealed class RepeatedStream(byte[] bytes, long length) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int taken = (int)Math.Min(Math.Min(count, bytes.Length), length - _position);
        bytes.AsSpan(0, taken).CopyTo(buffer.AsSpan(offset));
        _position += taken;
        return taken;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int taken = (int)Math.Min(Math.Min(buffer.Length, bytes.Length), length - _position);
        bytes.AsSpan(0, taken).CopyTo(buffer.Span);
        _position += taken;
        return ValueTask.FromResult(taken);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
