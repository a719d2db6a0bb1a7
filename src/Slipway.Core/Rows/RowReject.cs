namespace Slipway.Core.Rows;

/// <summary>A row that could not be read.</summary>
/// <param name="Line">Number of the line where the row begins, from 1.</param>
/// <param name="Offset">Where the row begins in the bytes that were decoded.</param>
/// <param name="Length">Bytes of the row, its line ending excluded.</param>
/// <param name="Reason">What is wrong, naming the column; never a value.</param>
public readonly record struct RowReject(long Line, int Offset, int Length, string Reason);
