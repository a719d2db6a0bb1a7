namespace Slipway.Core.Rows;

/// <summary>Reads blocks of whole rows into tensors. Thread-safe: what changes lies in the batch.</summary>
public abstract class RowDecoder
{
    private protected RowDecoder(RowBinding binding)
    {
        Binding = binding;
    }

    /// <summary>Which column feeds which input.</summary>
    public RowBinding Binding { get; }

    /// <summary>Makes a decoder for rows of the binding's format.</summary>
    public static RowDecoder Create(RowBinding binding, RowReadOptions options) => binding.Format switch
    {
        RowFormat.Csv => new CsvRowDecoder(binding, options),
        _ => new JsonRowDecoder(binding, options),
    };

    /// <summary>
    /// Reads rows into <paramref name="batch"/> until the block ends, or until a row comes that can't run together with those before it: the model takes
    /// one row at a time, or the row's dimensions differ. A row that can't be read becomes one of the batch's rejects.
    /// </summary>
    /// <param name="block">Whole rows, as <see cref="RowSplitter"/> cuts them; the last may lack its line ending.</param>
    /// <param name="line">Number of the line that the block begins at; moved on by the lines read.</param>
    /// <param name="batch">Takes the rows; made for the same binding and reset by the caller.</param>
    /// <returns>Bytes read; when fewer than the block has, call again with the rest and another batch.</returns>
    public abstract int Decode(ReadOnlySpan<byte> block, ref long line, RowBatch batch);
}
