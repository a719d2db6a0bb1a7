using System.IO.Compression;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Rows;

/// <summary>
/// Reads rows that don't come from a plain file. Compressed ones that are damaged or cut off are bad input, told with their name; a wait for standard input ends when it is
/// cancelled, whatever the operating system does.
/// </summary>
internal sealed class RowInput : Stream
{
    private readonly Stream _rows;
    private readonly string _name;
    private readonly bool _mayWait;

    private RowInput(Stream rows, string name, bool mayWait) => (_rows, _name, _mayWait) = (rows, name, mayWait);

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Rows in a gzip file; the file is the stream's.</summary>
    public static RowInput Compressed(FileStream file) => new(new GZipStream(file, CompressionMode.Decompress), file.Name, mayWait: false);

    /// <summary>Rows on standard input.</summary>
    public static RowInput Standard() => new(Console.OpenStandardInput(), "standard input", mayWait: true);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return _rows.Read(buffer);
        }
        catch (InvalidDataException)
        {
            throw Damaged();
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            ValueTask<int> read = _rows.ReadAsync(buffer, cancellationToken);
            return await (_mayWait ? new ValueTask<int>(read.AsTask().WaitAsync(cancellationToken)) : read);
        }
        catch (InvalidDataException)
        {
            throw Damaged();
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _rows.Dispose();
        }

        base.Dispose(disposing);
    }

    private CliException Damaged() => new(ExitCode.BadInput, $"'{_name}' is damaged or cut off: it is not whole gzip data");
}
