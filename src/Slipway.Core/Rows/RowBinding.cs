namespace Slipway.Core.Rows;

/// <summary>Which column of a file feeds which input of a model. Immutable and thread-safe.</summary>
public sealed class RowBinding
{
    private readonly Dictionary<string, int> _columnIndex;

    internal RowBinding(RowFormat format, ModelSignature signature, IReadOnlyList<string> columns, BoundInput?[] inputs, IReadOnlyList<string> notices)
    {
        Format = format;
        Signature = signature;
        Columns = columns;
        Inputs = inputs;
        Notices = notices;
        _columnIndex = new Dictionary<string, int>(columns.Count, StringComparer.Ordinal);
        for (int i = 0; i < columns.Count; i++)
        {
            _columnIndex.TryAdd(columns[i], i);
        }

        InputOfAllColumns = Array.FindIndex(inputs, input => input is { IsWhole: false } && input.Columns.AsSpan().SequenceEqual([.. Enumerable.Range(0, columns.Count)]));
        Targets = new ColumnTarget[columns.Count];
        Targets.AsSpan().Fill(ColumnTarget.Unused);
        for (int i = 0; i < inputs.Length; i++)
        {
            ReadOnlySpan<int> feeding = inputs[i] is BoundInput input ? input.Columns : [];
            for (int element = 0; element < feeding.Length; element++)
            {
                Targets[feeding[element]] = new ColumnTarget(i, inputs[i]!.IsWhole ? -1 : element);
            }
        }
    }

    /// <summary>How the rows are written.</summary>
    public RowFormat Format { get; }

    /// <summary>The model's inputs and outputs.</summary>
    public ModelSignature Signature { get; }

    /// <summary>All columns of the file, used or not, in its order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>What the user may want to know: columns that are not used, an order that was taken on trust.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>Whether a batch takes any number of rows; when not, it takes one.</summary>
    public bool HasRows => Signature.HasRows;

    /// <summary>One per input of the model; null where an optional input is left out.</summary>
    internal BoundInput?[] Inputs { get; }

    /// <summary>One per column.</summary>
    internal ColumnTarget[] Targets { get; }

    /// <summary>
    /// Matches columns to inputs: by name where every input (or every element <c>input_0</c>, <c>input_1</c> …) has its column; else, for a model with a single
    /// input, by its feature names (<see cref="ModelMetadataKeys.FeatureNames"/>) where it has them, and in order where it has none.
    /// </summary>
    /// <param name="signature">The model.</param>
    /// <param name="format">How the rows are written.</param>
    /// <param name="columns">The file's columns.</param>
    /// <param name="options">Which columns to use.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>: the columns don't fit; the message names them and what was expected.</exception>
    public static RowBinding Create(ModelSignature signature, RowFormat format, IReadOnlyList<string> columns, RowReadOptions options) =>
        new RowBinder(signature, format, columns, options).Bind();

    /// <summary>The input that takes every column in the file's order; -1 when there is none such.</summary>
    internal int InputOfAllColumns { get; }

    /// <summary>Finds a column by its name.</summary>
    internal bool TryFindColumn(string name, out int column) => _columnIndex.TryGetValue(name, out column);
}
