namespace Slipway.Core.Rows;

/// <summary>What stands before a row's own dimensions in the tensor of an input.</summary>
internal enum LeadingDimension
{
    /// <summary>The number of rows: the model takes many rows at once.</summary>
    Rows = 0,

    /// <summary>A 1: the model takes one row, in a batch of one.</summary>
    One = 1,

    /// <summary>Nothing: the model takes one row, without a batch dimension.</summary>
    None = 2,
}

/// <summary>An input and the columns that feed it. Immutable.</summary>
internal sealed class BoundInput
{
    /// <summary>The model's input.</summary>
    public required TensorSignature Signature { get; init; }

    /// <summary>How a row's dimensions become the tensor's.</summary>
    public required LeadingDimension Leading { get; init; }

    /// <summary>Dimensions of one row; -1 where each row says.</summary>
    public required long[] RowShape { get; init; }

    /// <summary>Elements of one row; -1 where each row says.</summary>
    public required int RowElements { get; init; }

    /// <summary>For each element the column that holds it; a single column that holds all elements when <see cref="IsWhole"/>.</summary>
    public required int[] Columns { get; init; }

    /// <summary>Whether one JSON value, perhaps a nested list, holds all elements.</summary>
    public bool IsWhole { get; init; }
}
