using System.Numerics;
using System.Runtime.Intrinsics;

namespace Slipway.Core.Rows;

/// <summary>
/// Finds the cells of CSV rows (RFC 4180; line ends LF or CRLF). Bytes that matter are found 32 at a time. A quote in the middle of an unquoted
/// cell stands for itself; text between a closing quote and the next delimiter is an error of that row.
/// </summary>
internal ref struct CsvTokenizer
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly byte _delimiter;
    private int _position;
    private int _windowStart;
    private uint _window;

    public CsvTokenizer(ReadOnlySpan<byte> bytes, byte delimiter)
    {
        _bytes = bytes;
        _delimiter = delimiter;
        MoveTo(0);
    }

    /// <summary>Where the next row begins.</summary>
    public readonly int Position => _position;

    /// <summary>Whether all bytes were read.</summary>
    public readonly bool IsAtEnd => _position >= _bytes.Length;

    /// <summary>Line breaks inside the row read last, its own ending included.</summary>
    public int LinesOfRow { get; private set; }

    /// <summary>Length of the row read last, its line ending excluded.</summary>
    public int LengthOfRow { get; private set; }

    /// <summary>Reads one row.</summary>
    /// <param name="fields">Takes the cells; those that don't fit are only counted.</param>
    /// <param name="isWellFormed">False when text follows a closing quote or a quote is not closed.</param>
    /// <returns>Number of cells; 0 for a blank line.</returns>
    public int ReadRow(Span<CsvField> fields, out bool isWellFormed)
    {
        int rowStart = _position;
        int fieldStart = rowStart;
        int count = 0;
        LinesOfRow = 0;
        isWellFormed = true;
        while (true)
        {
            int at = NextSpecial();
            byte special = at < _bytes.Length ? _bytes[at] : (byte)'\n';
            if (special == _delimiter)
            {
                if (count < fields.Length)
                {
                    fields[count] = new CsvField(fieldStart, at - fieldStart, false);
                }

                count++;
                fieldStart = at + 1;
            }
            else if (special == '\n')
            {
                int end = EndWithoutReturn(fieldStart, at);
                if (count == 0 && end == rowStart)
                {
                    EndRow(rowStart, end, at);
                    return 0;
                }

                if (count < fields.Length)
                {
                    fields[count] = new CsvField(fieldStart, end - fieldStart, false);
                }

                EndRow(rowStart, end, at);
                return count + 1;
            }
            else if (at == fieldStart)
            {
                int after = SkipQuoted(at + 1, out bool hasEscapes, out bool isClosed);
                if (count < fields.Length)
                {
                    fields[count] = new CsvField(at + 1, after - at - (isClosed ? 2 : 1), hasEscapes);
                }

                count++;
                isWellFormed &= isClosed;
                MoveTo(after);
                int next = EndOfClosedField(after);
                if (next < 0)
                {
                    // Text after the quote: go on to the row's end, so that the next row is read where the splitter says it begins.
                    isWellFormed = false;
                    fieldStart = -1;
                    count--;
                }
                else if (next >= _bytes.Length || _bytes[next] == '\n')
                {
                    MoveTo(Math.Min(next + 1, _bytes.Length));
                    EndRow(rowStart, after, next);
                    return count;
                }
                else
                {
                    MoveTo(next + 1);
                    fieldStart = next + 1;
                }
            }
        }
    }

    /// <summary>Goes on at the row that begins at <paramref name="position"/>.</summary>
    public void SkipTo(int position) => MoveTo(position);

    private int NextSpecial()
    {
        while (_window == 0)
        {
            _windowStart += Vector256<byte>.Count;
            if (_windowStart >= _bytes.Length)
            {
                return _bytes.Length;
            }

            _window = Specials(_windowStart);
        }

        int at = _windowStart + BitOperations.TrailingZeroCount(_window);
        _window &= _window - 1;
        return at;
    }

    private void MoveTo(int position)
    {
        _position = position;
        _windowStart = position;
        _window = position < _bytes.Length ? Specials(position) : 0;
    }

    private readonly uint Specials(int start)
    {
        Vector256<byte> window;
        if (start <= _bytes.Length - Vector256<byte>.Count)
        {
            window = Vector256.Create(_bytes.Slice(start, Vector256<byte>.Count));
        }
        else
        {
            Span<byte> tail = stackalloc byte[Vector256<byte>.Count];
            tail.Clear();
            _bytes[start..].CopyTo(tail);
            window = Vector256.Create<byte>(tail);
        }

        Vector256<byte> specials = Vector256.Equals(window, Vector256.Create(_delimiter))
            | Vector256.Equals(window, Vector256.Create((byte)'\n'))
            | Vector256.Equals(window, Vector256.Create((byte)'"'));
        return specials.ExtractMostSignificantBits();
    }

    // Returns the position behind the closing quote, or the end of the bytes.
    private int SkipQuoted(int start, out bool hasEscapes, out bool isClosed)
    {
        hasEscapes = false;
        int from = start;
        while (true)
        {
            int length = _bytes[from..].IndexOf((byte)'"');
            isClosed = length >= 0;
            int quote = isClosed ? from + length : _bytes.Length;
            if (isClosed && quote + 1 < _bytes.Length && _bytes[quote + 1] == '"')
            {
                hasEscapes = true;
                from = quote + 2;
                continue;
            }

            LinesOfRow += _bytes[start..quote].Count((byte)'\n');
            return isClosed ? quote + 1 : quote;
        }
    }

    // Position of the delimiter, the line feed or the end that follows a closing quote; -1 when text does.
    private readonly int EndOfClosedField(int after)
    {
        if (after >= _bytes.Length || _bytes[after] == _delimiter || _bytes[after] == '\n')
        {
            return after;
        }

        bool isReturn = _bytes[after] == '\r' && (after + 1 == _bytes.Length || _bytes[after + 1] == '\n');
        return isReturn ? after + 1 : -1;
    }

    private readonly int EndWithoutReturn(int start, int end) => end > Math.Max(start, 0) && _bytes[end - 1] == '\r' ? end - 1 : end;

    private void EndRow(int rowStart, int end, int lineFeed)
    {
        LengthOfRow = end - rowStart;
        LinesOfRow++;
        _position = Math.Min(lineFeed + 1, _bytes.Length);
    }
}
