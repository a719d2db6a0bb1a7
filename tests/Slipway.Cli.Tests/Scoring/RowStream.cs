using System.Globalization;
using System.Text;

namespace Slipway.Cli.Tests.Scoring;

/// <summary>A CSV of any length that is made while it is read, in pieces of uneven size: <c>a,b</c>, then <c>i,i</c> for each row.</summary>
internal sealed class RowStream(long rows) : Stream
{
    private readonly Random _random = new(11);
    private byte[] _rest = "a,b\n"u8.ToArray();
    private int _position;
    private long _next;

    public long RowsMade => Volatile.Read(ref _next);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (_position == _rest.Length)
        {
            StringBuilder text = new();
            for (int i = 0; i < 500 && _next < rows; i++, _next++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{_next},{_next}\n");
            }

            _rest = Encoding.ASCII.GetBytes(text.ToString());
            _position = 0;
        }

        int count = Math.Min(Math.Min(buffer.Length, _rest.Length - _position), _random.Next(1, 70_000));
        _rest.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
