namespace Slipway.Core.Rows;

/// <summary>Cuts JSON lines: a line break never lies inside a value.</summary>
internal sealed class JsonRowSplitter(RowReadOptions options, int maxBytes) : RowSplitter(maxBytes, options.MaxRowBytes)
{
    private protected override bool TryFindRowEnd(ReadOnlySpan<byte> bytes, ref int lines)
    {
        int length = bytes[Scanned..].IndexOf((byte)'\n');
        if (length < 0)
        {
            Scanned = bytes.Length;
            return false;
        }

        Scanned += length + 1;
        lines++;
        return true;
    }
}
