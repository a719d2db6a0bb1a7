using Slipway.Pmml.Evaluation;

namespace Slipway.Pmml.Models.Networks;

/// <summary>A variable of a network.</summary>
/// <param name="Name">Name of its field.</param>
/// <param name="Observed">Its value in a row, missing when it was not observed; null for what the model predicts.</param>
internal abstract record NetworkNode(string Name, Expression? Observed)
{
    /// <summary>The discrete variables that it depends on.</summary>
    public abstract int[] Parents { get; }
}

/// <summary>A variable of a few states.</summary>
/// <param name="States">The states, as cells of its field's type.</param>
/// <param name="Table">Probability of each state for each combination of its parents' states.</param>
internal sealed record DiscreteNode(string Name, Expression? Observed, int Variable, double[] States, Factor Table) : NetworkNode(Name, Observed)
{
    public override int[] Parents { get; } = [.. Table.Variables.Where(other => other != Variable)];
}

/// <summary>A variable that is a number: a distribution for each combination of its parents' states.</summary>
/// <param name="Given">The discrete variables that it depends on, ascending, and how many states each has; numbers, one for each combination, are ignored.</param>
/// <param name="Distributions">As many as there are combinations.</param>
internal sealed record ContinuousNode(string Name, Expression? Observed, Factor Given, NetworkDistribution[] Distributions) : NetworkNode(Name, Observed)
{
    public override int[] Parents => Given.Variables;

    /// <summary>A function of the parents: what <paramref name="of"/> says of each distribution.</summary>
    public Factor Map(Func<NetworkDistribution, double> of) => Given with { Values = Array.ConvertAll(Distributions, distribution => of(distribution)) };
}
