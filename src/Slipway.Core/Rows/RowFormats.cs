namespace Slipway.Core.Rows;

/// <summary>Names of the row formats.</summary>
public static class RowFormats
{
    /// <summary>
    /// Finds the format by the ending of a file name: <c>.csv</c>, <c>.jsonl</c> or <c>.ndjson</c>, in any case; a last <c>.gz</c> is looked through.
    /// </summary>
    /// <returns>False when the ending is none of these.</returns>
    public static bool TryFromFileName(string name, out RowFormat format)
    {
        ReadOnlySpan<char> rest = IsCompressed(name) ? name.AsSpan()[..^3] : name;
        if (rest.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
        {
            format = RowFormat.Csv;
            return true;
        }

        format = RowFormat.JsonLines;
        return rest.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || rest.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a file name says that the file is compressed with gzip.</summary>
    public static bool IsCompressed(string name) => name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
}
