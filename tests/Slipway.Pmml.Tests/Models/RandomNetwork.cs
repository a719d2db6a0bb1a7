using System.Globalization;
using System.Text;

namespace Slipway.Pmml.Tests.Models;

/// <summary>A small network drawn at random, with the sum over all its worlds to compare with. The last node is the target.</summary>
internal sealed class RandomNetwork
{
    private readonly int[] _sizes;
    private readonly int[][] _parents;
    private readonly double[][][] _tables;

    public RandomNetwork(Random random)
    {
        int count = random.Next(2, 8);
        _sizes = [.. Enumerable.Range(0, count).Select(_ => random.Next(2, 4))];
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle(order);
        _parents = new int[count][];
        for (int place = 0; place < count; place++)
        {
            _parents[order[place]] = [.. order[..place].OrderBy(_ => random.Next()).Take(random.Next(0, 4))];
        }

        _tables = [.. Enumerable.Range(0, count).Select(node => Enumerable.Range(0, Rows(node)).Select(_ => Row(random, _sizes[node])).ToArray())];
    }

    public string Document => PmmlTexts.Document(
        string.Concat(_sizes.Select((size, node) => $"<DataField name=\"v{node}\" optype=\"categorical\" dataType=\"string\">{States(size, static state => $"<Value value=\"s{state}\"/>")}</DataField>")),
        $"""
        <BayesianNetworkModel functionName="classification"><MiningSchema>
        {string.Concat(_sizes.Select((_, node) => $"<MiningField name=\"v{node}\" usageType=\"{(node == _sizes.Length - 1 ? "target" : "active")}\"/>"))}
        </MiningSchema><BayesianNetworkNodes>{string.Concat(_sizes.Select((_, node) => Node(node)))}</BayesianNetworkNodes></BayesianNetworkModel>
        """);

    /// <summary>States of some nodes, -1 for those that are not observed.</summary>
    public int[] Draw(Random random) => [.. _sizes.Select((size, node) => node < _sizes.Length - 1 && random.Next(3) == 0 ? random.Next(size) : -1)];

    public double[] Posterior(int[] evidence)
    {
        double[] sums = new double[_sizes[^1]];
        int[] world = new int[_sizes.Length];
        do
        {
            if (!world.Where((state, node) => evidence[node] >= 0 && evidence[node] != state).Any())
            {
                sums[world[^1]] += Enumerable.Range(0, world.Length).Aggregate(1.0, (product, node) => product * _tables[node][RowOf(node, world)][world[node]]);
            }
        }
        while (Next(world));
        return [.. sums.Select(sum => sum / sums.Sum())];
    }

    private bool Next(int[] world)
    {
        for (int node = 0; node < world.Length; node++)
        {
            if (++world[node] < _sizes[node])
            {
                return true;
            }

            world[node] = 0;
        }

        return false;
    }

    private string Node(int node)
    {
        StringBuilder text = new($"<DiscreteNode name=\"v{node}\">");
        for (int row = 0; row < _tables[node].Length; row++)
        {
            string values = States(_sizes[node], state => string.Create(CultureInfo.InvariantCulture, $"<ValueProbability value=\"s{state}\" probability=\"{_tables[node][row][state]:R}\"/>"));
            if (_parents[node].Length == 0)
            {
                text.Append(values);
                continue;
            }

            text.Append("<DiscreteConditionalProbability>");
            int rest = row;
            foreach (int parent in _parents[node])
            {
                text.Append(CultureInfo.InvariantCulture, $"<ParentValue parent=\"v{parent}\" value=\"s{rest % _sizes[parent]}\"/>");
                rest /= _sizes[parent];
            }

            text.Append(values).Append("</DiscreteConditionalProbability>");
        }

        return text.Append("</DiscreteNode>").ToString();
    }

    private int Rows(int node) => _parents[node].Aggregate(1, (product, parent) => product * _sizes[parent]);

    private int RowOf(int node, int[] world)
    {
        int row = 0;
        int scale = 1;
        foreach (int parent in _parents[node])
        {
            row += world[parent] * scale;
            scale *= _sizes[parent];
        }

        return row;
    }

    private static double[] Row(Random random, int size)
    {
        double[] row = [.. Enumerable.Range(0, size).Select(_ => random.NextDouble() + 0.01)];
        return [.. row.Select(value => value / row.Sum())];
    }

    private static string States(int size, Func<int, string> of) => string.Concat(Enumerable.Range(0, size).Select(of));
}
