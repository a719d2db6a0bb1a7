using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Networks;

/// <summary>
/// <c>BayesianNetworkModel</c>: what is likely of the target, given the fields of a row that are not missing. Exact, by eliminating the variables that were not observed one
/// after the other (Koller and Friedman, Probabilistic Graphical Models, chapter 9). A number that was not observed, and on which one that was depends, leaves the row without an answer.
/// </summary>
internal sealed class BayesianNetworkPlan : ModelPlan
{
    private readonly NetworkNode[] _nodes;
    private readonly Dictionary<int, DiscreteNode> _byVariable;
    private readonly NetworkNode _target;

    private BayesianNetworkPlan(ModelResult result, NetworkNode[] nodes, NetworkNode target)
        : base(result)
    {
        (_nodes, _target) = (nodes, target);
        _byVariable = nodes.OfType<DiscreteNode>().ToDictionary(static node => node.Variable);
    }

    /// <summary>Compiles the element.</summary>
    public static BayesianNetworkPlan Compile(ModelContext model)
    {
        string name = model.TargetName ?? throw PmmlError.Invalid(model.Element, "has no target");
        NetworkNode[] nodes = new NetworkReader(model).Read();
        NetworkNode target = Array.Find(nodes, node => node.Name == name) ?? throw PmmlError.Invalid(model.Element, $"has no node for its target '{name}'");
        ModelResult result = model.NewResult();
        if (target is DiscreteNode discrete)
        {
            result.WithProbabilities(discrete.States);
        }

        return new BayesianNetworkPlan(result, nodes, target);
    }

    public override void Evaluate(Frame frame)
    {
        // 1. What was observed, and what it depends on; the rest sums to 1 by itself.
        Dictionary<int, int> states = [];
        List<(ContinuousNode Node, double Value)> numbers = [];
        HashSet<int> relevant = [.. _target is DiscreteNode own ? [own.Variable] : _target.Parents];
        foreach (NetworkNode node in _nodes)
        {
            double value = node.Observed?.Evaluate(frame) ?? Cell.Missing;
            if (Cell.IsMissing(value))
            {
                continue;
            }

            if (node is DiscreteNode discrete)
            {
                int state = Array.IndexOf(discrete.States, value);
                states[discrete.Variable] = state >= 0 ? state : throw new EvaluationException($"the node '{node.Name}' has no such value");
                relevant.Add(discrete.Variable);
            }
            else
            {
                numbers.Add(((ContinuousNode)node, value));
                relevant.UnionWith(node.Parents);
            }
        }

        AddAncestors(relevant);

        // 2. One factor for each of them, where the observed have their values.
        IEnumerable<Factor> tables = relevant.Select(variable => _byVariable[variable].Table);
        IEnumerable<Factor> densities = numbers.Select(number => number.Node.Map(distribution => distribution.Density(number.Value, frame)));
        List<Factor> factors = [.. tables.Concat(densities).Select(factor => Fix(factor, states))];
        relevant.ExceptWith(states.Keys);

        // 3. The others go.
        if (_target is DiscreteNode target)
        {
            Answer(frame, target, Eliminate(factors, relevant.Where(variable => variable != target.Variable)));
            return;
        }

        Factor means = Fix(((ContinuousNode)_target).Map(distribution => distribution.Mean(frame)), states);
        Factor weights = Eliminate(factors, relevant.Where(variable => !means.Variables.Contains(variable)));
        double total = weights.Values.Sum();
        frame[Result.Value] = total > 0 ? weights.Times(means).Values.Sum() / total : throw Impossible();
    }

    private void Answer(Frame frame, DiscreteNode target, Factor weights)
    {
        double total = weights.Values.Sum();
        if (!(total > 0))
        {
            throw Impossible();
        }

        Span<double> probabilities = Result.ProbabilitiesOf(frame);
        for (int state = 0; state < probabilities.Length; state++)
        {
            probabilities[state] = weights.Fix(target.Variable, state).Values[0] / total;
        }

        Result.Decide(frame);
    }

    private void AddAncestors(HashSet<int> variables)
    {
        Stack<int> open = new(variables);
        while (open.TryPop(out int variable))
        {
            foreach (int parent in _byVariable[variable].Parents)
            {
                if (variables.Add(parent))
                {
                    open.Push(parent);
                }
            }
        }
    }

    private static Factor Fix(Factor factor, Dictionary<int, int> states)
    {
        foreach ((int variable, int state) in states)
        {
            factor = factor.Fix(variable, state);
        }

        return factor;
    }

    // The variable first whose factors have the smallest product.
    private static Factor Eliminate(List<Factor> factors, IEnumerable<int> variables)
    {
        List<int> open = [.. variables];
        while (open.Count > 0)
        {
            int next = open.MinBy(variable => factors.Where(factor => factor.Variables.Contains(variable)).SelectMany(static factor => factor.Variables).Distinct().Count());
            open.Remove(next);
            Factor product = Factor.Of(1);
            foreach (Factor factor in factors.Where(factor => factor.Variables.Contains(next)))
            {
                product = product.Times(factor);
            }

            factors.RemoveAll(factor => factor.Variables.Contains(next));
            factors.Add(product.SumOut(next));
        }

        return factors.Aggregate(Factor.Of(1), static (product, factor) => product.Times(factor));
    }

    private static EvaluationException Impossible() => new("the network holds the row's values together for impossible");
}
