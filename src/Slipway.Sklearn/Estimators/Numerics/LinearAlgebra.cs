using Slipway.Core;
using Slipway.Sklearn.Conversion;

namespace Slipway.Sklearn.Estimators.Numerics;

/// <summary>The little linear algebra that conversion itself needs, on small matrices.</summary>
internal static class LinearAlgebra
{
    private const int MaxRows = 4096;

    /// <summary>a · b.</summary>
    public static Matrix Multiply(Matrix a, Matrix b)
    {
        double[] product = new double[a.Rows * b.Columns];
        for (int i = 0; i < a.Rows; i++)
        {
            for (int k = 0; k < a.Columns; k++)
            {
                double factor = a[i, k];
                for (int j = 0; j < b.Columns; j++)
                {
                    product[(i * b.Columns) + j] += factor * b[k, j];
                }
            }
        }

        return new Matrix(product, a.Rows, b.Columns);
    }

    /// <summary>The inverse, by Gauss and Jordan with the largest pivot of each column.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when there is none, <see cref="ErrorCode.NotSupported"/> when the matrix is too large.</exception>
    public static Matrix Invert(Matrix matrix)
    {
        int n = matrix.Rows;
        if (n != matrix.Columns || n > MaxRows)
        {
            throw new SlipwayException(n > MaxRows ? ErrorCode.NotSupported : ErrorCode.InvalidModel, $"the model holds a matrix of {n} by {matrix.Columns} that can't be inverted here");
        }

        double[,] work = new double[n, 2 * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                work[i, j] = matrix[i, j];
            }

            work[i, n + i] = 1;
        }

        for (int column = 0; column < n; column++)
        {
            int pivot = column;
            for (int row = column + 1; row < n; row++)
            {
                pivot = Math.Abs(work[row, column]) > Math.Abs(work[pivot, column]) ? row : pivot;
            }

            double head = work[pivot, column];
            if (!(Math.Abs(head) > 0))
            {
                throw new SlipwayException(ErrorCode.InvalidModel, "the model holds a matrix that has no inverse");
            }

            for (int j = 0; j < 2 * n; j++)
            {
                (work[pivot, j], work[column, j]) = (work[column, j], work[pivot, j]);
                work[column, j] /= head;
            }

            for (int row = 0; row < n; row++)
            {
                double factor = work[row, column];
                if (row != column && factor != 0)
                {
                    for (int j = 0; j < 2 * n; j++)
                    {
                        work[row, j] -= factor * work[column, j];
                    }
                }
            }
        }

        double[] inverse = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                inverse[(i * n) + j] = work[i, n + j];
            }
        }

        return new Matrix(inverse, n, n);
    }
}
