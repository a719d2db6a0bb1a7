using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Slipway.Conformance.Tests.Boosters;

/// <summary>
/// Random trees of every kind of branch, run by the engine and walked here by the rules of LightGBM's own prediction: values at, just below and just above each threshold,
/// zeros, tiny numbers, NaN, infinities, negative and unknown categories.
/// </summary>
public sealed class RandomLightGbmTests
{
    private const int Features = 4;

    [Fact]
    public async Task Converted_trees_go_where_the_rules_say()
    {
        Random random = new(42);
        for (int round = 0; round < 60; round++)
        {
            Tree[] trees = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Tree.Make(random, random.Next(1, 12)))];
            double[][] rows = [.. Enumerable.Range(0, 300).Select(_ => Enumerable.Range(0, Features).Select(_ => Value(random, trees)).ToArray())];
            using BoosterModel model = await BoosterModel.LoadAsync("model.txt", Encoding.UTF8.GetBytes(Text(trees)));
            double[] given = MemoryMarshal.Cast<byte, double>(model.Run(rows)["prediction"].Data.Span).ToArray();
            for (int i = 0; i < rows.Length; i++)
            {
                double expected = trees.Sum(tree => tree.Predict(rows[i]));
                Assert.True(expected == given[i], $"round {round}: {given[i]} where {expected} is right for {string.Join(' ', rows[i])}\n{Text(trees)}");
            }
        }
    }

    private static double Value(Random random, Tree[] trees)
    {
        Tree tree = trees[random.Next(trees.Length)];
        double threshold = tree.Thresholds.Length == 0 ? 0 : tree.Thresholds[random.Next(tree.Thresholds.Length)];
        return random.Next(12) switch
        {
            0 => double.NaN,
            1 => 0,
            2 => 1e-36,
            3 => -1e-35,
            4 => 2e-35,
            5 => threshold,
            6 => Math.BitIncrement(threshold),
            7 => Math.BitDecrement(threshold),
            8 => -0.5,
            9 => -random.Next(1, 5),
            10 => random.Next(0, 70) + (random.Next(2) * 0.75),
            _ => (random.NextDouble() * 20) - 5,
        };
    }

    private static string Text(Tree[] trees)
    {
        StringBuilder text = new("tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\n");
        text.Append(CultureInfo.InvariantCulture, $"max_feature_idx={Features - 1}\nobjective=regression\nfeature_names=a b c d\n\n");
        for (int i = 0; i < trees.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"Tree={i}\n").Append(trees[i].Text()).Append('\n');
        }

        return text.Append("end of trees\n\npandas_categorical:null\n").ToString();
    }

    private sealed class Tree
    {
        private readonly List<int> _features = [];
        private readonly List<double> _thresholds = [];
        private readonly List<int> _decisions = [];
        private readonly List<int> _left = [];
        private readonly List<int> _right = [];
        private readonly List<double> _leaves = [];
        private readonly List<uint[]> _sets = [];

        public double[] Thresholds => [.. _thresholds];

        public static Tree Make(Random random, int leaves)
        {
            Tree tree = new();
            tree.Grow(random, leaves);
            return tree;
        }

        public string Text()
        {
            StringBuilder text = new();
            text.Append(CultureInfo.InvariantCulture, $"num_leaves={_leaves.Count}\nnum_cat={_sets.Count}\n");
            Line(text, "split_feature", _features);
            Line(text, "threshold", _thresholds);
            Line(text, "decision_type", _decisions);
            Line(text, "left_child", _left);
            Line(text, "right_child", _right);
            Line(text, "leaf_value", _leaves);
            if (_sets.Count > 0)
            {
                List<int> starts = [0];
                starts.AddRange(_sets.Select((_, index) => _sets.Take(index + 1).Sum(set => set.Length)));
                Line(text, "cat_boundaries", starts);
                Line(text, "cat_threshold", [.. _sets.SelectMany(set => set)]);
            }

            return text.Append("shrinkage=1\n").ToString();
        }

        public double Predict(double[] row)
        {
            int node = _features.Count == 0 ? -1 : 0;
            while (node >= 0)
            {
                node = GoesLeft(node, row[_features[node]]) ? _left[node] : _right[node];
            }

            return _leaves[~node];
        }

        private bool GoesLeft(int node, double x)
        {
            int decision = _decisions[node];
            if ((decision & 1) != 0)
            {
                uint[] set = _sets[(int)_thresholds[node]];
                int category = double.IsNaN(x) ? -1 : (int)x;
                return category >= 0 && category < set.Length * 32 && ((set[category / 32] >> (category % 32)) & 1) != 0;
            }

            int missing = (decision >> 2) & 3;
            double value = double.IsNaN(x) && missing != 2 ? 0 : x;
            bool isMissing = missing == 1 ? Math.Abs(value) <= 1e-35f : missing == 2 && double.IsNaN(value);
            return isMissing ? (decision & 2) != 0 : value <= _thresholds[node];
        }

        private int Grow(Random random, int leaves)
        {
            if (leaves == 1)
            {
                // Sums of small whole numbers are exact in every precision.
                _leaves.Add(random.Next(-1000, 1000));
                return ~(_leaves.Count - 1);
            }

            int node = _features.Count;
            bool isCategorical = random.Next(2) == 0;

            // LightGBM uses a feature as a number or as a category, never as both.
            _features.Add(random.Next(Features / 2) + (isCategorical ? Features / 2 : 0));
            _decisions.Add(isCategorical ? 1 : (random.Next(3) << 2) | (random.Next(2) << 1));
            _thresholds.Add(isCategorical ? _sets.Count : random.Next(4) == 0 ? 0 : (random.NextDouble() * 20) - 5);
            _left.Add(0);
            _right.Add(0);
            if (isCategorical)
            {
                // A few categories, a whole word of them, or none.
                _sets.Add([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(4) switch { 0 => 0u, 1 => uint.MaxValue, _ => (uint)random.Next() & (uint)random.Next() })]);
            }

            int left = random.Next(1, leaves);
            _left[node] = Grow(random, left);
            _right[node] = Grow(random, leaves - left);
            return node;
        }

        private static void Line<T>(StringBuilder text, string key, IReadOnlyList<T> values) =>
            text.Append(key).Append('=').AppendJoin(' ', values.Select(static value => Convert.ToString(value, CultureInfo.InvariantCulture))).Append('\n');
    }
}
