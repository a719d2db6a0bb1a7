using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Core;

namespace Slipway.Conformance.Tests.Boosters;

/// <summary>Random trees with numbers and categories, run by the engine and walked here by the rules of XGBoost's own prediction, at adversarial values.</summary>
public sealed class RandomXGBoostTests
{
    private const int Features = 3;

    [Fact]
    public async Task Converted_trees_go_where_the_rules_say()
    {
        Random random = new(43);
        for (int round = 0; round < 60; round++)
        {
            Node[] trees = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Node.Make(random, random.Next(1, 12)))];
            double[][] rows = [.. Enumerable.Range(0, 300).Select(_ => Enumerable.Range(0, Features).Select(_ => Value(random)).ToArray())];
            using BoosterModel model = await BoosterModel.LoadAsync("model.json", Encoding.UTF8.GetBytes(Document(trees).ToJsonString()));
            float[] given = MemoryMarshal.Cast<byte, float>(model.Run(rows)["prediction"].Data.Span).ToArray();
            for (int i = 0; i < rows.Length; i++)
            {
                float expected = 10 + trees.Sum(tree => tree.Predict(rows[i]));
                Assert.True(expected == given[i], $"round {round}: {given[i]} where {expected} is right for {string.Join(' ', rows[i])}\n{Document(trees)}");
            }
        }
    }

    [Fact]
    public async Task A_tree_deeper_than_any_trained_one_is_refused()
    {
        Node tree = new(false, 0, 1, false, [], null, null, 1);
        for (int i = 0; i < 3000; i++)
        {
            tree = new Node(false, 0, 1, false, [], tree, new Node(false, 0, 1, false, [], null, null, 2), 0);
        }

        SlipwayException error = await Assert.ThrowsAsync<SlipwayException>(() =>
            BoosterModel.LoadAsync("model.json", Encoding.UTF8.GetBytes(Document([tree]).ToJsonString())));
        Assert.Equal((ErrorCode.InvalidModel, "a tree is deeper than 2000 nodes"), (error.Code, error.Message));
    }

    [Fact]
    public async Task A_tree_that_leads_back_is_refused()
    {
        JsonNode document = Document([Node.Make(new Random(1), 4)]);
        document["learner"]!["gradient_booster"]!["model"]!["trees"]![0]!["left_children"]![1] = 0;
        SlipwayException error = await Assert.ThrowsAsync<SlipwayException>(() => BoosterModel.LoadAsync("model.json", Encoding.UTF8.GetBytes(document.ToJsonString())));
        Assert.Equal(ErrorCode.InvalidModel, error.Code);
    }

    private static double Value(Random random) => random.Next(8) switch
    {
        0 => double.NaN,
        1 => -0.5,
        2 => -1,
        3 => random.Next(0, 12) + 0.5,
        4 => MathF.BitDecrement(random.Next(0, 24) / 2f),
        5 => 1e9,
        _ => random.Next(0, 12),
    };

    private static JsonObject Document(Node[] trees)
    {
        JsonArray list = [];
        JsonArray info = [];
        foreach (Node tree in trees)
        {
            list.Add(tree.ToJson());
            info.Add(0);
        }

        return new JsonObject
        {
            ["version"] = new JsonArray(2, 1, 0),
            ["learner"] = new JsonObject
            {
                ["feature_names"] = new JsonArray(),
                ["attributes"] = new JsonObject(),
                ["learner_model_param"] = new JsonObject { ["base_score"] = "1E1", ["num_feature"] = "3", ["num_class"] = "0", ["num_target"] = "1" },
                ["objective"] = new JsonObject { ["name"] = "reg:squarederror" },
                ["gradient_booster"] = new JsonObject
                {
                    ["name"] = "gbtree",
                    ["model"] = new JsonObject { ["gbtree_model_param"] = new JsonObject { ["num_parallel_tree"] = "1" }, ["trees"] = list, ["tree_info"] = info },
                },
            },
        };
    }

    private sealed record Node(bool IsCategorical, int Feature, float Threshold, bool DefaultLeft, int[] Categories, Node? Left, Node? Right, float Leaf)
    {
        public static Node Make(Random random, int leaves)
        {
            if (leaves == 1)
            {
                return new Node(false, 0, 0, false, [], null, null, random.Next(-1000, 1000));
            }

            int left = random.Next(1, leaves);
            bool isCategorical = random.Next(2) == 0;
            int[] categories = isCategorical ? [.. Enumerable.Range(0, 12).Where(_ => random.Next(3) == 0)] : [];
            return new Node(
                isCategorical, isCategorical ? 2 : random.Next(Features - 1), random.Next(0, 24) / 2f, random.Next(2) == 0, categories, Make(random, left), Make(random, leaves - left), 0);
        }

        public float Predict(double[] row)
        {
            Node node = this;
            while (node.Left is not null)
            {
                float x = (float)row[node.Feature];
                bool goesLeft = float.IsNaN(x) ? node.DefaultLeft
                    : node.IsCategorical ? x < 0 || x >= 16777216 || !node.Categories.Contains((int)x)
                    : x < node.Threshold;
                node = goesLeft ? node.Left : node.Right!;
            }

            return node.Leaf;
        }

        public JsonObject ToJson()
        {
            List<Node> nodes = [this];
            for (int i = 0; i < nodes.Count; i++)
            {
                nodes.AddRange(nodes[i].Left is null ? [] : [nodes[i].Left!, nodes[i].Right!]);
            }

            Dictionary<Node, int> index = new(nodes.Select((node, at) => KeyValuePair.Create(node, at)), ReferenceEqualityComparer.Instance);
            Node[] sets = [.. nodes.Where(static node => node.IsCategorical)];
            return new JsonObject
            {
                ["tree_param"] = new JsonObject { ["size_leaf_vector"] = "1" },
                ["left_children"] = Numbers(nodes.Select(node => node.Left is null ? -1 : index[node.Left])),
                ["right_children"] = Numbers(nodes.Select(node => node.Right is null ? -1 : index[node.Right])),
                ["split_indices"] = Numbers(nodes.Select(static node => node.Feature)),
                ["split_conditions"] = new JsonArray([.. nodes.Select(static node => (JsonNode)(node.Left is null ? node.Leaf : node.Threshold))]),
                ["default_left"] = Numbers(nodes.Select(static node => node.DefaultLeft ? 1 : 0)),
                ["split_type"] = Numbers(nodes.Select(static node => node.IsCategorical ? 1 : 0)),
                ["categories"] = Numbers(sets.SelectMany(static node => node.Categories)),
                ["categories_nodes"] = Numbers(sets.Select(node => index[node])),
                ["categories_segments"] = Numbers(sets.Select((_, at) => sets.Take(at).Sum(static node => node.Categories.Length))),
                ["categories_sizes"] = Numbers(sets.Select(static node => node.Categories.Length)),
            };
        }

        private static JsonArray Numbers(IEnumerable<int> values) => new([.. values.Select(static value => (JsonNode)value)]);
    }
}
