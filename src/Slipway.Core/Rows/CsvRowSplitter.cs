using System.Runtime.CompilerServices;

namespace Slipway.Core.Rows;

/// <summary>
/// Cuts CSV: a line break inside quotes does not end a row. A quote opens only at the start of a cell and a doubled quote inside quotes stands
/// for itself, exactly as <see cref="CsvTokenizer"/> reads them.
/// </summary>
internal sealed class CsvRowSplitter(RowReadOptions options, int maxBytes) : RowSplitter(maxBytes, options.MaxRowBytes)
{
    private readonly byte _delimiter = options.Delimiter;
    private bool _quoted;

    // Compiled in full at once, see CsvRowDecoder.Decode.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private protected override bool TryFindRowEnd(ReadOnlySpan<byte> bytes, ref int lines)
    {
        while (true)
        {
            if (_quoted && !TrySkipQuoted(bytes, ref lines))
            {
                return false;
            }

            ReadOnlySpan<byte> rest = bytes[Scanned..];
            int next = rest.IndexOfAny((byte)'\n', (byte)'"');
            if (next < 0)
            {
                Scanned = bytes.Length;
                return false;
            }

            int at = Scanned + next;
            Scanned = at + 1;
            if (bytes[at] == '\n')
            {
                lines++;
                return true;
            }

            _quoted = at == 0 || bytes[at - 1] == _delimiter || bytes[at - 1] == '\n';
        }
    }

    private protected override void Restart() => _quoted = false;

    private protected override void CheckLast(ReadOnlySpan<byte> bytes, long line)
    {
        bool closedByLast = Scanned == bytes.Length - 1 && bytes[^1] == '"';
        if (_quoted && !closedByLast)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"the row that begins at line {line} has a quote that is never closed");
        }
    }

    private protected override string WhyNoEnd() => _quoted ? "a quote is not closed" : base.WhyNoEnd();

    private bool TrySkipQuoted(ReadOnlySpan<byte> bytes, ref int lines)
    {
        while (true)
        {
            ReadOnlySpan<byte> rest = bytes[Scanned..];
            int quote = rest.IndexOf((byte)'"');
            if (quote < 0)
            {
                lines += rest.Count((byte)'\n');
                Scanned = bytes.Length;
                return false;
            }

            if (quote + 1 >= rest.Length)
            {
                // Whether this quote closes or is the first of two shows with the next byte; the caller's last byte may be it.
                lines += rest[..quote].Count((byte)'\n');
                Scanned += quote;
                return false;
            }

            lines += rest[..quote].Count((byte)'\n');
            Scanned += quote + 1;
            if (rest[quote + 1] != '"')
            {
                _quoted = false;
                return true;
            }

            Scanned++;
        }
    }
}
