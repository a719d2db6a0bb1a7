namespace Slipway.Core;

/// <summary>
/// Other forms in which a tabular model takes the same rows: a model of one matrix <c>[N, F]</c> that names its features also takes one column per feature; a model of one
/// column per feature, all of one numeric type, also takes one matrix. Both are the same numbers in another order.
/// </summary>
public static class TabularForms
{
    /// <summary>Name of the matrix that a model of columns takes; what converted models call their own.</summary>
    public const string MatrixName = "X";

    /// <summary>
    /// The model as one that takes a column <c>[N]</c> for each feature of its only input, in their order; null when the input is no matrix of numbers or its features have no
    /// distinct names.
    /// </summary>
    internal static ModelSignature? Columns(ModelSignature signature)
    {
        if (signature.Inputs is not [{ IsRankUnknown: false, Shape.Rank: 2 } matrix] || matrix.DataType.ElementSize() == 0)
        {
            return null;
        }

        IReadOnlyList<string> names = ModelMetadata.FeatureNames(signature.Metadata);
        if (names.Count == 0 || matrix.Shape[1] is var width && width >= 0 && width != names.Count
            || names.Contains(matrix.Name) || names.Distinct(StringComparer.Ordinal).Count() != names.Count)
        {
            return null;
        }

        TensorShape column = new(matrix.Shape[0]);
        return new ModelSignature([.. names.Select(name => new TensorSignature(name, matrix.DataType, column))], signature.Outputs)
        {
            Metadata = signature.Metadata,
            IsBatchable = signature.IsBatchable,
            HasRows = signature.HasRows,
        };
    }

    /// <summary>The matrix <see cref="MatrixName"/> <c>[N, F]</c> that holds all inputs as its columns, in their order; null when they are not columns of one numeric type.</summary>
    internal static TensorSignature? Matrix(ModelSignature signature) =>
        signature.Inputs.Count > 1
        && signature.HasRows
        && signature.Inputs[0].DataType is var type && type.ElementSize() > 0
        && signature.IndexOfInput(MatrixName) < 0
        && signature.Inputs.All(input => input.DataType == type && IsColumn(input))
            ? new TensorSignature(MatrixName, type, new TensorShape(-1, signature.Inputs.Count))
            : null;

    /// <summary>Whether an input takes one value a row: <c>[N]</c> or <c>[N, 1]</c>.</summary>
    public static bool IsColumn(TensorSignature input) => !input.IsRankUnknown && (input.Shape.Rank == 1 || (input.Shape.Rank == 2 && input.Shape[1] == 1));
}
