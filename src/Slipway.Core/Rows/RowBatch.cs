using System.Runtime.InteropServices;

namespace Slipway.Core.Rows;

/// <summary>
/// Rows read so far, one growing column per input, and the rows that could not be read. Reused batch after batch; not thread-safe.
/// </summary>
public sealed class RowBatch : IDisposable
{
    private readonly List<RowOrigin> _origins = [];
    private readonly List<RowReject> _rejects = [];

    /// <summary>Makes an empty batch for the model that <paramref name="binding"/> was made for.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/>: rows can't carry the datatype of an input.</exception>
    public RowBatch(RowBinding binding)
    {
        Binding = binding;
        Columns = [.. binding.Inputs.Select(static input => input is null ? null : InputColumn.Create(input))];
        Fields = new CsvField[binding.Columns.Count];
        Seen = new bool[binding.Columns.Count];
    }

    /// <summary>Number of rows.</summary>
    public int Count => _origins.Count;

    /// <summary>Where each row came from. Valid until <see cref="Reset"/>.</summary>
    public ReadOnlySpan<RowOrigin> Origins => CollectionsMarshal.AsSpan(_origins);

    /// <summary>Rows that could not be read, in their order. Valid until <see cref="Reset"/>.</summary>
    public ReadOnlySpan<RowReject> Rejects => CollectionsMarshal.AsSpan(_rejects);

    /// <summary>The binding that the batch was made for.</summary>
    internal RowBinding Binding { get; }

    /// <summary>One column per input of the model; null where an optional input is left out.</summary>
    internal InputColumn?[] Columns { get; }

    /// <summary>Scratch for the cells of one row.</summary>
    internal CsvField[] Fields { get; }

    /// <summary>Scratch for the columns met in one row.</summary>
    internal bool[] Seen { get; }

    /// <summary>Forgets all rows and rejects.</summary>
    public void Reset()
    {
        _origins.Clear();
        _rejects.Clear();
        foreach (InputColumn? column in Columns)
        {
            column?.Reset();
        }
    }

    /// <summary>
    /// Makes the tensors, in the order of the model's inputs; null for an optional input that no column feeds. Each owns its memory and belongs to the
    /// caller. The batch must be reset afterwards.
    /// </summary>
    public Tensor?[] ToTensors()
    {
        Tensor?[] tensors = new Tensor?[Columns.Length];
        for (int i = 0; i < tensors.Length; i++)
        {
            tensors[i] = Columns[i]?.ToTensor(Count);
        }

        return tensors;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (InputColumn? column in Columns)
        {
            column?.Dispose();
        }
    }

    internal void Accept(in RowOrigin origin)
    {
        foreach (InputColumn? column in Columns)
        {
            column?.Commit();
        }

        _origins.Add(origin);
    }

    internal void Reject(in RowReject reject) => _rejects.Add(reject);
}
