namespace Slipway.Core.Rows;

/// <summary>How rows are written in a file.</summary>
public enum RowFormat
{
    /// <summary>Comma-separated values as RFC 4180 says, UTF-8, with a header line.</summary>
    Csv = 0,

    /// <summary>One JSON object per line, UTF-8.</summary>
    JsonLines = 1,
}
