namespace Slipway.Core.Rows;

/// <summary>The outputs of a model that are written, and the shape of their rows. Thread-safe.</summary>
public sealed class RowOutputs
{
    /// <summary>The name that stands for every output.</summary>
    public const string All = "all";

    private readonly bool _hasRows;
    private TensorShape[]? _shapes;

    private RowOutputs(ModelSignature signature, int[] positions)
    {
        _hasRows = signature.HasRows;
        Positions = positions;
        Signatures = [.. positions.Select(position => signature.Outputs[position])];
    }

    /// <summary>Positions of the outputs in the model's signature, in the order they are written.</summary>
    public IReadOnlyList<int> Positions { get; }

    /// <summary>The outputs, in the order they are written.</summary>
    public IReadOnlyList<TensorSignature> Signatures { get; }

    /// <summary>Chooses outputs.</summary>
    /// <param name="signature">The model.</param>
    /// <param name="names">
    /// Names in the order wanted; <see cref="All"/> alone for everything (unless an output has that name). Empty: those that the model's metadata names
    /// (<see cref="ModelMetadataKeys.DefaultOutputs"/>), else everything.
    /// </param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>: the model has no such output, or it is named twice.</exception>
    public static RowOutputs Create(ModelSignature signature, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            names = DefaultsOf(signature);
        }

        if (names.Count == 0 || (names is [All] && signature.IndexOfOutput(All) < 0))
        {
            return new RowOutputs(signature, [.. Enumerable.Range(0, signature.Outputs.Count)]);
        }

        int[] positions = [.. names.Select(signature.IndexOfOutput)];
        int unknown = Array.IndexOf(positions, -1);
        if (unknown >= 0)
        {
            throw new SlipwayException(
                ErrorCode.InvalidRequest,
                $"the model has no output '{names[unknown]}'; it has {string.Join(", ", signature.Outputs.Select(static output => $"'{output.Name}'"))}");
        }

        return positions.Distinct().Count() == positions.Length
            ? new RowOutputs(signature, positions)
            : throw new SlipwayException(ErrorCode.InvalidRequest, "an output is asked for twice");
    }

    /// <summary>Dimensions of one row of each output, as the first batch had them; before that, as the signature has them with free ones taken as 1.</summary>
    public IReadOnlyList<TensorShape> RowShapes => Volatile.Read(ref _shapes) ?? [.. Signatures.Select(FromSignature)];

    /// <summary>The shape of a row of one output of a batch.</summary>
    /// <param name="output">Position in <see cref="Signatures"/>.</param>
    /// <param name="tensor">The output of a batch.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.ModelFailed"/>: the output does not have one row for each that went in.</exception>
    internal TensorShape RowShapeOf(int output, Tensor tensor, int rows)
    {
        ReadOnlySpan<long> dimensions = tensor.Shape.Dimensions;
        if (!_hasRows)
        {
            return new TensorShape((dimensions.Length > 0 && dimensions[0] == 1 ? dimensions[1..] : dimensions).ToArray());
        }

        return dimensions.Length > 0 && dimensions[0] == rows
            ? new TensorShape(dimensions[1..].ToArray())
            : throw new SlipwayException(
                ErrorCode.ModelFailed,
                $"output '{Signatures[output].Name}' has shape {tensor.Shape} for {rows} rows: its first dimension is not the rows");
    }

    /// <summary>Holds every batch to the row shapes of the first one, for formats whose header was written from it.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/>: a row of this batch has another number of values.</exception>
    internal void Agree(TensorShape[] shapes)
    {
        TensorShape[] agreed = Interlocked.CompareExchange(ref _shapes, shapes, null) ?? shapes;
        for (int i = 0; i < shapes.Length; i++)
        {
            if (shapes[i] != agreed[i])
            {
                throw new SlipwayException(
                    ErrorCode.NotSupported,
                    $"output '{Signatures[i].Name}' has rows of shape {agreed[i]} and of shape {shapes[i]}: CSV has the same columns in every row, JSON lines need not");
            }
        }
    }

    private static string[] DefaultsOf(ModelSignature signature) =>
        [.. ModelMetadata.DefaultOutputs(signature.Metadata).Where(name => signature.IndexOfOutput(name) >= 0).Distinct(StringComparer.Ordinal)];

    private TensorShape FromSignature(TensorSignature output)
    {
        ReadOnlySpan<long> dimensions = output.Shape.Dimensions;
        bool hasLeading = dimensions.Length > 0 && (_hasRows || dimensions[0] == 1);
        long[] row = (hasLeading ? dimensions[1..] : dimensions).ToArray();
        return new TensorShape([.. row.Select(static dimension => Math.Max(dimension, 1))]);
    }
}
