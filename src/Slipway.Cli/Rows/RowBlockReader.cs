using Slipway.Core;
using Slipway.Core.Rows;

namespace Slipway.Cli.Rows;

/// <summary>Reads a stream of rows block by block, in memory that depends on the largest row only. Its failures name the input. Not thread-safe.</summary>
/// <param name="stream">The bytes; stays the caller's.</param>
/// <param name="name">The input as messages name it.</param>
/// <param name="format">How the rows are written.</param>
/// <param name="options">Delimiter, header, limits.</param>
/// <param name="batchRows">Most rows in a block.</param>
internal sealed class RowBlockReader(Stream stream, string name, RowFormat format, RowReadOptions options, int batchRows)
{
    // A block of rows is closed at this size, so that wide rows don't make blocks of gigabytes.
    private const int MaxBlockBytes = 4 << 20;
    private const int FirstBufferBytes = 1 << 20;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private readonly RowSplitter _splitter = RowSplitter.Create(format, options, MaxBlockBytes);
    private byte[] _buffer = new byte[FirstBufferBytes];
    private int _start;
    private int _end;
    private bool _isFinal;
    private RowBlock? _held;

    /// <summary>Bytes taken from the stream so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>What to try when the first line looks as if another delimiter parted its cells; null when it doesn't, and before <see cref="BindAsync"/>.</summary>
    public string? Hint { get; private set; }

    /// <summary>Reads the names of the columns and matches them with a model's inputs; to be called once, first. The row that holds them is read again when it is data.</summary>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.InvalidRequest"/>: the input is empty, its first row is not what it should be, or its columns don't fit the model.
    /// </exception>
    public async ValueTask<RowBinding> BindAsync(ModelSignature signature, CancellationToken cancellationToken)
    {
        try
        {
            return RowBinding.Create(signature, format, await ReadColumnsAsync(cancellationToken), options);
        }
        catch (SlipwayException failure)
        {
            throw Named(Hint is null ? failure : new SlipwayException(failure.Code, $"{failure.Message}; {Hint}", failure));
        }
    }

    /// <summary>A failure in this input, with its name.</summary>
    public SlipwayException Named(SlipwayException failure) => new(failure.Code, $"{name}: {failure.Message}", failure);

    /// <summary>The next block of whole rows, or null at the end. The bytes are valid until the next call.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>: a row is longer than the limit, or a quote is never closed.</exception>
    public async ValueTask<(ReadOnlyMemory<byte> Bytes, long Line)?> ReadAsync(CancellationToken cancellationToken)
    {
        RowBlock? next;
        try
        {
            next = _held ?? await TryCutAsync(batchRows, cancellationToken);
        }
        catch (SlipwayException failure)
        {
            throw Named(failure);
        }

        _held = null;
        if (next is not RowBlock block)
        {
            return null;
        }

        ReadOnlyMemory<byte> bytes = _buffer.AsMemory(_start, block.Length);
        _start += block.Length;
        return (bytes, block.Line);
    }

    private async ValueTask<IReadOnlyList<string>> ReadColumnsAsync(CancellationToken cancellationToken)
    {
        while (_end < ByteOrderMark.Length && !_isFinal)
        {
            await FillAsync(cancellationToken);
        }

        if (_buffer.AsSpan(_start, _end - _start).StartsWith(ByteOrderMark))
        {
            _start += ByteOrderMark.Length;
        }

        while (await TryCutAsync(1, cancellationToken) is RowBlock row)
        {
            ReadOnlySpan<byte> bytes = _buffer.AsSpan(_start, row.Length);
            if (bytes.Trim(" \t\r\n"u8).IsEmpty)
            {
                _start += row.Length;
                continue;
            }

            Hint = format == RowFormat.Csv ? DelimiterHint.Of(bytes, options.Delimiter) : null;
            IReadOnlyList<string> columns = RowColumns.Read(format, bytes, options);
            if (format == RowFormat.Csv && options.HasHeader)
            {
                _start += row.Length;
            }
            else
            {
                _held = row;
            }

            return columns;
        }

        throw new SlipwayException(ErrorCode.InvalidRequest, format == RowFormat.Csv ? "the input is empty: expected a header" : "the input is empty: expected JSON objects");
    }

    private async ValueTask<RowBlock?> TryCutAsync(int rows, CancellationToken cancellationToken)
    {
        RowBlock block;
        while (!_splitter.TryCut(_buffer.AsSpan(_start, _end - _start), _isFinal, rows, out block))
        {
            if (_isFinal)
            {
                return null;
            }

            await FillAsync(cancellationToken);
        }

        return block;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0 && _end == _buffer.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            // The splitter refuses a row beyond its limit, which bounds this.
            Array.Resize(ref _buffer, (int)Math.Min(Array.MaxLength, _buffer.Length * 2L));
        }

        int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _isFinal = read == 0;
        _end += read;
        BytesRead += read;
    }
}
