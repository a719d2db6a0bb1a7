namespace Slipway.Core.Rows;

/// <summary>What a column feeds.</summary>
/// <param name="Input">Position of the input; -1 when the column is not used.</param>
/// <param name="Element">Element within the input's row; -1 when the column holds them all.</param>
internal readonly record struct ColumnTarget(int Input, int Element)
{
    /// <summary>A column that feeds nothing.</summary>
    public static ColumnTarget Unused => new(-1, -1);
}
