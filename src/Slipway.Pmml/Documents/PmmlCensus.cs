using Slipway.Formats.Abstractions;

namespace Slipway.Pmml.Documents;

/// <summary>Counts what a document is made of, for people who look at it.</summary>
internal static class PmmlCensus
{
    private static readonly HashSet<string> Counted = new(
        [
            "Segment", "Node", "RegressionTable", "NumericPredictor", "CategoricalPredictor", "Characteristic", "Neuron", "SupportVector", "SupportVectorMachine",
            "Cluster", "SimpleRule", "CompoundRule", "AssociationRule", "BayesInput", "PCell", "DerivedField", "DefineFunction", "TextIndex", "OutputField", "DiscreteNode", "ContinuousNode",
        ],
        StringComparer.Ordinal);

    /// <summary>Models and their parts by name, most first.</summary>
    public static IReadOnlyList<InspectedOperator> Elements(PmmlElement document)
    {
        Dictionary<string, long> counts = new(StringComparer.Ordinal);
        foreach (PmmlElement element in All(document))
        {
            if (Counted.Contains(element.Name) || element.Child("MiningSchema") is not null)
            {
                counts[element.Name] = counts.GetValueOrDefault(element.Name) + 1;
            }
        }

        return [.. counts.OrderByDescending(static pair => pair.Value).ThenBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => new InspectedOperator(pair.Key, pair.Value))];
    }

    /// <summary>How many elements there are.</summary>
    public static long Count(PmmlElement document) => All(document).LongCount();

    private static IEnumerable<PmmlElement> All(PmmlElement document)
    {
        Stack<PmmlElement> open = new([document]);
        while (open.TryPop(out PmmlElement? element))
        {
            yield return element;
            foreach (PmmlElement child in element.Children)
            {
                open.Push(child);
            }
        }
    }
}
