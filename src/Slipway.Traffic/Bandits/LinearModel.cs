namespace Slipway.Traffic.Bandits;

/// <summary>
/// A ridge regression of rewards on contexts, (I + Σ x xᵀ) θ = Σ r x, solved by Cholesky's decomposition, with how sure it is of an estimate (the disjoint model of LinUCB: Li, Chu, Langford
/// and Schapire 2010). Immutable.
/// </summary>
internal sealed class LinearModel
{
    private const double Ridge = 1;

    private readonly int _features;
    private readonly double[] _root;
    private readonly double[] _weights;

    /// <param name="sums">What is known.</param>
    public LinearModel(LinearSums sums)
    {
        _features = sums.Features;
        _root = Decompose(sums.Gram, _features);
        double[] half = new double[_features];
        _weights = new double[_features];
        Forward(sums.Target, half);
        Backward(half, _weights);
    }

    /// <summary>Expected reward in a context.</summary>
    public double Estimate(ReadOnlySpan<double> context)
    {
        double sum = 0;
        for (int i = 0; i < _features; i++)
        {
            sum += _weights[i] * context[i];
        }

        return sum;
    }

    /// <summary>How unsure the estimate is: √(xᵀ A⁻¹ x), a length above 0 that shrinks with rewards in like contexts.</summary>
    public double Spread(ReadOnlySpan<double> context)
    {
        Span<double> half = stackalloc double[_features];
        Forward(context, half);
        double sum = 0;
        foreach (double value in half)
        {
            sum += value * value;
        }

        return Math.Sqrt(sum);
    }

    private static double[] Decompose(double[] gram, int size)
    {
        double[] root = [.. gram];
        for (int i = 0; i < size; i++)
        {
            int row = i * (i + 1) / 2;
            for (int k = 0; k <= i; k++)
            {
                int other = k * (k + 1) / 2;
                double sum = root[row + k] + (i == k ? Ridge : 0);
                for (int j = 0; j < k; j++)
                {
                    sum -= root[row + j] * root[other + j];
                }

                // The matrix is positive definite with a least eigenvalue of 1; rounding must not make it less.
                root[row + k] = i == k ? Math.Sqrt(Math.Max(sum, 1e-9)) : sum / root[other + k];
            }
        }

        return root;
    }

    private void Forward(ReadOnlySpan<double> right, Span<double> solution)
    {
        for (int i = 0; i < _features; i++)
        {
            int row = i * (i + 1) / 2;
            double sum = right[i];
            for (int k = 0; k < i; k++)
            {
                sum -= _root[row + k] * solution[k];
            }

            solution[i] = sum / _root[row + i];
        }
    }

    private void Backward(ReadOnlySpan<double> right, Span<double> solution)
    {
        for (int i = _features - 1; i >= 0; i--)
        {
            double sum = right[i];
            for (int k = i + 1; k < _features; k++)
            {
                sum -= _root[(k * (k + 1) / 2) + i] * solution[k];
            }

            solution[i] = sum / _root[(i * (i + 1) / 2) + i];
        }
    }
}
