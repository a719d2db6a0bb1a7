namespace Slipway.Sklearn.Conversion;

/// <summary>Numbers in rows and columns, row by row.</summary>
internal sealed record Matrix(double[] Values, int Rows, int Columns)
{
    /// <summary>The number at a row and column.</summary>
    public double this[int row, int column] => Values[(row * Columns) + column];

    /// <summary>One row.</summary>
    public ReadOnlySpan<double> Row(int row) => Values.AsSpan(row * Columns, Columns);

    /// <summary>Rows and columns exchanged.</summary>
    public Matrix Transposed()
    {
        double[] values = new double[Values.Length];
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                values[(column * Rows) + row] = this[row, column];
            }
        }

        return new Matrix(values, Columns, Rows);
    }
}
