namespace Slipway.Traffic.Bandits;

/// <summary>What a linear regression of rewards on contexts needs to know: Σ x xᵀ and Σ r x. Sums of replicas add up. Not thread-safe.</summary>
/// <param name="features">Numbers in a context.</param>
internal sealed class LinearSums(int features)
{
    /// <summary>Numbers in a context.</summary>
    public int Features => features;

    /// <summary>Σ x xᵀ, lower half with the diagonal, row by row.</summary>
    public double[] Gram { get; } = new double[features * (features + 1) / 2];

    /// <summary>Σ r x.</summary>
    public double[] Target { get; } = new double[features];

    /// <summary>Takes a reward.</summary>
    public void Add(ReadOnlySpan<double> context, double reward)
    {
        int at = 0;
        for (int i = 0; i < features; i++)
        {
            for (int k = 0; k <= i; k++)
            {
                Gram[at++] += context[i] * context[k];
            }

            Target[i] += reward * context[i];
        }
    }

    /// <summary>Adds other sums of as many features.</summary>
    public void Add(LinearSums other)
    {
        Add(Gram, other.Gram);
        Add(Target, other.Target);
    }

    /// <summary>Makes everything known weigh less.</summary>
    public void Fade(double factor)
    {
        Scale(Gram, factor);
        Scale(Target, factor);
    }

    private static void Add(double[] sums, double[] others)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += others[i];
        }
    }

    private static void Scale(double[] sums, double factor)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] *= factor;
        }
    }
}
