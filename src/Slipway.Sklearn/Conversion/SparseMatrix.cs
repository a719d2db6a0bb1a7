using Slipway.Core;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Conversion;

/// <summary>SciPy's compressed sparse rows and columns.</summary>
internal static class SparseMatrix
{
    private const long MaxElements = 1L << 26;

    /// <summary>All elements, zeros included.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when it is damaged, <see cref="ErrorCode.NotSupported"/> for other layouts.</exception>
    public static Matrix ToDense(PickleObject sparse)
    {
        bool byColumn = sparse.Type.Name.StartsWith("csc", StringComparison.Ordinal);
        if (!byColumn && !sparse.Type.Name.StartsWith("csr", StringComparison.Ordinal))
        {
            throw new SlipwayException(ErrorCode.NotSupported, $"a sparse matrix of layout {sparse.Type.Name} is not supported");
        }

        if ((sparse["_shape"] ?? sparse["shape"]) is not PickleTuple { Count: 2 } shape
            || !PickleNumbers.TryToInt64(shape[0], out long rows) || !PickleNumbers.TryToInt64(shape[1], out long columns)
            || sparse["data"] is not NumpyArray data || sparse["indices"] is not NumpyArray indices || sparse["indptr"] is not NumpyArray pointers
            || rows < 0 || columns < 0 || (rows > 0 && columns > MaxElements / rows))
        {
            throw Damaged();
        }

        double[] values = data.ToDoubles();
        long[] inner = indices.ToInt64s();
        long[] starts = pointers.ToInt64s();
        long outer = byColumn ? columns : rows;
        if (starts.Length != outer + 1 || inner.Length != values.Length)
        {
            throw Damaged();
        }

        double[] dense = new double[rows * columns];
        for (int i = 0; i < outer; i++)
        {
            for (long at = starts[i]; at < starts[i + 1]; at++)
            {
                if (at < 0 || at >= inner.Length || inner[at] < 0 || inner[at] >= (byColumn ? rows : columns))
                {
                    throw Damaged();
                }

                dense[byColumn ? (inner[at] * columns) + i : (i * columns) + inner[at]] += values[at];
            }
        }

        return new Matrix(dense, (int)rows, (int)columns);
    }

    private static SlipwayException Damaged() => new(ErrorCode.InvalidModel, "a sparse matrix of the model is damaged");
}
