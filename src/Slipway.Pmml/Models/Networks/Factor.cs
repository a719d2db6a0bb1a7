using Slipway.Pmml.Evaluation;

namespace Slipway.Pmml.Models.Networks;

/// <summary>A function of some discrete variables: one number for each combination of their states, the last variable's state changing fastest. Immutable.</summary>
/// <param name="Variables">The variables, ascending.</param>
/// <param name="Sizes">How many states each has.</param>
/// <param name="Values">The numbers.</param>
internal sealed record Factor(int[] Variables, int[] Sizes, double[] Values)
{
    /// <summary>Most numbers of one factor.</summary>
    public const int MaxValues = 1 << 20;

    /// <summary>A number that depends on nothing.</summary>
    public static Factor Of(double value) => new([], [], [value]);

    /// <summary>The factor where one variable has a state, without that variable.</summary>
    public Factor Fix(int variable, int state)
    {
        int place = Array.IndexOf(Variables, variable);
        if (place < 0)
        {
            return this;
        }

        int inner = Product(Sizes.AsSpan(place + 1));
        int size = Sizes[place];
        double[] values = new double[Values.Length / size];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Values[(((i / inner * size) + state) * inner) + (i % inner)];
        }

        return new Factor(Without(Variables, place), Without(Sizes, place), values);
    }

    /// <summary>The factor summed over the states of a variable.</summary>
    public Factor SumOut(int variable)
    {
        int place = Array.IndexOf(Variables, variable);
        if (place < 0)
        {
            return this;
        }

        int inner = Product(Sizes.AsSpan(place + 1));
        int size = Sizes[place];
        double[] values = new double[Values.Length / size];
        for (int i = 0; i < values.Length; i++)
        {
            for (int state = 0; state < size; state++)
            {
                values[i] += Values[(((i / inner * size) + state) * inner) + (i % inner)];
            }
        }

        return new Factor(Without(Variables, place), Without(Sizes, place), values);
    }

    /// <summary>The product.</summary>
    /// <exception cref="EvaluationException">It would be too large.</exception>
    public Factor Times(Factor other)
    {
        int[] variables = [.. Variables.Union(other.Variables).Order()];
        int[] sizes = Array.ConvertAll(variables, variable => Array.IndexOf(Variables, variable) is >= 0 and var own ? Sizes[own] : other.Sizes[Array.IndexOf(other.Variables, variable)]);
        long count = 1;
        foreach (int size in sizes)
        {
            count *= size;
            if (count > MaxValues)
            {
                throw new EvaluationException("the network is too entangled to be evaluated exactly");
            }
        }

        int[] left = Strides(variables);
        int[] right = other.Strides(variables);
        double[] values = new double[count];
        int[] states = new int[variables.Length];
        int one = 0;
        int two = 0;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Values[one] * other.Values[two];
            for (int place = variables.Length - 1; place >= 0; place--)
            {
                one += left[place];
                two += right[place];
                if (++states[place] < sizes[place])
                {
                    break;
                }

                one -= left[place] * sizes[place];
                two -= right[place] * sizes[place];
                states[place] = 0;
            }
        }

        return new Factor(variables, sizes, values);
    }

    // How far apart neighbouring states of each of those variables lie here; 0 for one that this factor does not depend on.
    private int[] Strides(int[] variables) => Array.ConvertAll(variables, variable => Array.IndexOf(Variables, variable) is >= 0 and var place ? Product(Sizes.AsSpan(place + 1)) : 0);

    private static int Product(ReadOnlySpan<int> sizes)
    {
        int product = 1;
        foreach (int size in sizes)
        {
            product *= size;
        }

        return product;
    }

    private static int[] Without(int[] items, int place) => [.. items[..place], .. items[(place + 1)..]];
}
