using Microsoft.Win32.SafeHandles;

namespace Slipway.Registry.S3.Writing;

/// <summary>A part of a spooled file as a stream that can seek, as signing needs it; several over one file don't disturb each other.</summary>
internal sealed class SpoolWindow(SafeFileHandle file, long offset, long count) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => count;

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        int read = RandomAccess.Read(file, buffer[..Fitting(buffer.Length)], offset + Position);
        Position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await RandomAccess.ReadAsync(file, buffer[..Fitting(buffer.Length)], offset + Position, cancellationToken);
        Position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => Position,
        _ => count,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Fitting(int asked) => (int)Math.Clamp(count - Position, 0, asked);
}
