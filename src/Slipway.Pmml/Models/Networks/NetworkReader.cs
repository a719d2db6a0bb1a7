using System.Globalization;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Networks;

/// <summary>Reads the nodes of a network and checks that they make one: each value of a parent is one of its states, each combination has its probabilities, and no ring.</summary>
internal sealed class NetworkReader(ModelContext model)
{
    private readonly Dictionary<string, (int Variable, PmmlType Type, double[] States)> _discrete = new(StringComparer.Ordinal);

    /// <summary>The nodes.</summary>
    public NetworkNode[] Read()
    {
        PmmlElement[] elements = [.. model.Element.RequiredChild("BayesianNetworkNodes").Children];
        foreach (PmmlElement element in elements)
        {
            if (element.Child("DerivedField") is { } derived)
            {
                throw PmmlError.NotSupported(derived, "a derived field of a node");
            }

            if (element.Name == "DiscreteNode")
            {
                PmmlType type = TypeOf(element);
                double[] states = [.. Leaves(element).Select(leaf => model.Plan.Constant(leaf, leaf.Required("value"), type)).Distinct()];
                if (!_discrete.TryAdd(element.Required("name"), (_discrete.Count, type, states)))
                {
                    throw PmmlError.Invalid(element, "appears twice");
                }
            }
        }

        NetworkNode[] nodes = [.. elements.Where(static element => element.Name is "DiscreteNode" or "ContinuousNode").Select(Read)];
        RefuseRings(nodes);
        return nodes;
    }

    private NetworkNode Read(PmmlElement element)
    {
        string name = element.Required("name");
        Expression? observed = name == model.TargetName ? null : model.Scope.Find(name)?.Value;
        if (element.Name == "ContinuousNode")
        {
            (Factor given, PmmlElement[][] rows) = Rows(element, "ContinuousConditionalProbability", "ContinuousDistribution");
            return new ContinuousNode(name, observed?.To(PmmlType.Double), given, Array.ConvertAll(rows, row => row is [{ } only]
                ? NetworkDistribution.Read(only, model.Scope, model.Plan)
                : throw PmmlError.NotSupported(element, "a mixture of distributions")));
        }

        (int variable, PmmlType type, double[] states) = _discrete[name];
        (Factor parents, PmmlElement[][] tables) = Rows(element, "DiscreteConditionalProbability", "ValueProbability");
        if (parents.Variables.Contains(variable))
        {
            throw PmmlError.Invalid(element, "is its own parent");
        }

        Factor table = Factor.Of(1).Times(new Factor([variable], [states.Length], new double[states.Length])).Times(parents);
        for (int row = 0; row < tables.Length; row++)
        {
            foreach (PmmlElement leaf in tables[row])
            {
                int state = Array.IndexOf(states, model.Plan.Constant(leaf, leaf.Required("value"), type));
                table.Values[Place(table, parents, row, variable, state)] = leaf.RequiredNumber("probability");
            }
        }

        return new DiscreteNode(name, observed, variable, states, table);
    }

    // The combinations of a node's parents, and what stands in each.
    private (Factor Parents, PmmlElement[][] Rows) Rows(PmmlElement node, string conditional, string content)
    {
        PmmlElement[] conditions = [.. node.ChildrenNamed(conditional)];
        if (conditions.Length == 0)
        {
            return (Factor.Of(0), [[.. node.ChildrenNamed(content)]]);
        }

        int[] variables = [.. conditions[0].ChildrenNamed("ParentValue").Select(parent => Parent(parent).Variable).Distinct().Order()];
        int[] sizes = [.. variables.Select(variable => _discrete.Values.First(node => node.Variable == variable).States.Length)];
        long count = sizes.Aggregate(1L, static (product, size) => Math.Min(product * size, int.MaxValue));
        if (count > Factor.MaxValues || count != conditions.Length)
        {
            throw PmmlError.Invalid(node, string.Create(CultureInfo.InvariantCulture, $"has {conditions.Length} conditional probabilities for {count} combinations of its parents"));
        }

        PmmlElement[]?[] rows = new PmmlElement[]?[count];
        foreach (PmmlElement condition in conditions)
        {
            int row = 0;
            foreach ((int variable, int size) in variables.Zip(sizes))
            {
                PmmlElement value = condition.ChildrenNamed("ParentValue").FirstOrDefault(parent => Parent(parent).Variable == variable)
                    ?? throw PmmlError.Invalid(condition, "does not name the same parents as the others of its node");
                row = (row * size) + State(value);
            }

            rows[row] = rows[row] is null ? [.. condition.ChildrenNamed(content)] : throw PmmlError.Invalid(condition, "stands for a combination of its parents for the second time");
        }

        return (new Factor(variables, sizes, new double[count]), Array.ConvertAll(rows, static row => row!));
    }

    private (int Variable, PmmlType Type, double[] States) Parent(PmmlElement value) => _discrete.TryGetValue(value.Required("parent"), out (int, PmmlType, double[]) parent)
        ? parent
        : throw PmmlError.Invalid(value, $"names the parent '{value.Attribute("parent")}', which is no discrete node");

    private int State(PmmlElement value)
    {
        (_, PmmlType type, double[] states) = Parent(value);
        int state = Array.IndexOf(states, model.Plan.Constant(value, value.Required("value"), type));
        return state >= 0 ? state : throw PmmlError.Invalid(value, $"names the value '{value.Attribute("value")}', which its parent does not have");
    }

    // Of a factor over a variable and its parents: the place of a state in a row of the parents.
    private static int Place(Factor table, Factor parents, int row, int variable, int state)
    {
        int place = 0;
        int rest = parents.Values.Length;
        for (int i = 0; i < table.Variables.Length; i++)
        {
            if (table.Variables[i] == variable)
            {
                place = (place * table.Sizes[i]) + state;
                continue;
            }

            rest /= table.Sizes[i];
            place = (place * table.Sizes[i]) + (row / rest % table.Sizes[i]);
        }

        return place;
    }

    private PmmlType TypeOf(PmmlElement element) =>
        model.Plan.DataFields.TryGetValue(element.Required("name"), out DataField? field) ? field.Type : model.Scope.Find(element.Required("name"))?.Type ?? PmmlType.String;

    private static IEnumerable<PmmlElement> Leaves(PmmlElement node) =>
        node.ChildrenNamed("ValueProbability").Concat(node.ChildrenNamed("DiscreteConditionalProbability").SelectMany(static condition => condition.ChildrenNamed("ValueProbability")));

    private void RefuseRings(NetworkNode[] nodes)
    {
        // A node whose parents are all gone goes; what is left hangs in a ring.
        Dictionary<int, DiscreteNode> open = nodes.OfType<DiscreteNode>().ToDictionary(static node => node.Variable);
        while (open.Values.Where(node => !node.Parents.Any(open.ContainsKey)).ToList() is { Count: > 0 } free)
        {
            free.ForEach(node => open.Remove(node.Variable));
        }

        if (open.Count > 0)
        {
            throw PmmlError.Invalid(model.Element, $"has a ring of nodes at '{open.Values.First().Name}'");
        }
    }
}
