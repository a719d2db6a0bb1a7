namespace Slipway.Core.Rows;

/// <summary>A run of whole rows at the start of the bytes given.</summary>
/// <param name="Length">Bytes of the block, line endings included.</param>
/// <param name="Line">Number of the line at which it begins, from 1.</param>
public readonly record struct RowBlock(int Length, long Line);
