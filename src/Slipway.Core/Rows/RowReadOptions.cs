namespace Slipway.Core.Rows;

/// <summary>How rows are read. Immutable.</summary>
public sealed record RowReadOptions
{
    /// <summary>The defaults.</summary>
    public static RowReadOptions Default { get; } = new();

    /// <summary>Byte between the cells of a CSV row. Default: a comma.</summary>
    public byte Delimiter { get; init; } = (byte)',';

    /// <summary>Whether the first line of a CSV names the columns. Default true; without a header columns are named 0, 1, 2 …</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>Names of the columns of a CSV without a header, in order, where its first line has as many cells. Empty (default): 0, 1, 2 …</summary>
    public IReadOnlyList<string> ColumnNames { get; init; } = [];

    /// <summary>Columns to use, in this order; empty (default): all of them in the file's order.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Columns to leave out, such as a label. Default: none.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Cells that mean a missing value, besides the empty one. Default: none.</summary>
    public IReadOnlyList<string> MissingTokens { get; init; } = [];

    /// <summary>Longest row in bytes. Default 64 MiB, an image of 3 × 1024 × 1024 written as JSON numbers.</summary>
    public int MaxRowBytes { get; init; } = 64 << 20;

    /// <summary>Most columns in a row. Default 65,536.</summary>
    public int MaxColumns { get; init; } = 65_536;

    /// <summary>Deepest nesting of a JSON value. Default 32.</summary>
    public int MaxDepth { get; init; } = 32;
}
