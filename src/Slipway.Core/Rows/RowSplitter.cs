namespace Slipway.Core.Rows;

/// <summary>
/// Cuts a stream of bytes into blocks of whole rows without reading what is in them. Scanned bytes are not scanned again when more arrive.
/// Not thread-safe.
/// </summary>
public abstract class RowSplitter
{
    private readonly int _maxBytes;
    private readonly int _maxRowBytes;
    private int _rows;
    private int _lines;
    private int _end;
    private int _linesAtEnd;

    private protected RowSplitter(int maxBytes, int maxRowBytes)
    {
        _maxBytes = maxBytes;
        _maxRowBytes = maxRowBytes;
    }

    /// <summary>Number of the line at which the next block begins, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Where scanning goes on.</summary>
    private protected int Scanned { get; set; }

    /// <summary>Makes a splitter.</summary>
    /// <param name="format">How the rows are written.</param>
    /// <param name="options">Delimiter and limits.</param>
    /// <param name="maxBytes">A block is closed once it has that many bytes and at least one row.</param>
    public static RowSplitter Create(RowFormat format, RowReadOptions options, int maxBytes) => format switch
    {
        RowFormat.Csv => new CsvRowSplitter(options, maxBytes),
        _ => new JsonRowSplitter(options, maxBytes),
    };

    /// <summary>Looks for the end of the next block.</summary>
    /// <param name="bytes">All bytes since the end of the last block: those of the last call again, and those that arrived since.</param>
    /// <param name="isFinal">Whether no more bytes will come: what is left is a row even without a line ending.</param>
    /// <param name="maxRows">Most rows in the block, 1 or more; blank lines count.</param>
    /// <param name="block">Length of the block and the line it begins at.</param>
    /// <returns>False when more bytes are needed, or none are left at the end.</returns>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>: a row is longer than the limit, or a quote is never closed.</exception>
    public bool TryCut(ReadOnlySpan<byte> bytes, bool isFinal, int maxRows, out RowBlock block)
    {
        while (_rows < maxRows && !(_rows > 0 && _end >= _maxBytes))
        {
            if (!TryFindRowEnd(bytes, ref _lines))
            {
                if (Scanned - _end > _maxRowBytes)
                {
                    throw new SlipwayException(
                        ErrorCode.InvalidRequest,
                        $"line {Line + _linesAtEnd}: the row is longer than {_maxRowBytes} bytes; {WhyNoEnd()}");
                }

                if (!isFinal)
                {
                    // A block need not be full when it has its bytes already.
                    if (_rows > 0 && bytes.Length >= _maxBytes)
                    {
                        break;
                    }

                    block = default;
                    return false;
                }

                CheckLast(bytes, Line + _linesAtEnd);
                if (bytes.Length > _end)
                {
                    Close(bytes.Length);
                }

                break;
            }

            Close(Scanned);
        }

        block = new RowBlock(_end, Line);
        Line += _linesAtEnd;
        _rows = 0;
        _lines = 0;
        _linesAtEnd = 0;
        Restart();
        Scanned = 0;
        _end = 0;
        return block.Length > 0;
    }

    /// <summary>Moves <see cref="Scanned"/> behind the next row's line ending, or to the end of what can be judged so far.</summary>
    private protected abstract bool TryFindRowEnd(ReadOnlySpan<byte> bytes, ref int lines);

    /// <summary>Forgets a row that was scanned in part.</summary>
    private protected virtual void Restart()
    {
    }

    /// <summary>Objects to a last row that is not whole.</summary>
    private protected virtual void CheckLast(ReadOnlySpan<byte> bytes, long line)
    {
    }

    /// <summary>The likely cause of a row without end.</summary>
    private protected virtual string WhyNoEnd() => "there is no line break";

    private void Close(int end)
    {
        _end = end;
        _linesAtEnd = _lines;
        _rows++;
    }
}
