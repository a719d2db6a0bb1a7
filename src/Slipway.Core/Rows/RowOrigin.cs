namespace Slipway.Core.Rows;

/// <summary>Where a row came from.</summary>
/// <param name="Line">Number of the line where the row begins, from 1.</param>
/// <param name="Offset">Where the row begins in the bytes that were decoded.</param>
/// <param name="Length">Bytes of the row, its line ending excluded.</param>
public readonly record struct RowOrigin(long Line, int Offset, int Length);
