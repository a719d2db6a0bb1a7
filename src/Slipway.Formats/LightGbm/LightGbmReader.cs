using System.Globalization;
using System.Numerics;
using System.Text;
using Slipway.Core;

namespace Slipway.Formats.LightGbm;

/// <summary>
/// Reads LightGBM's text model: lines of <c>key=value</c>, a head and then a section for each tree. What follows <c>end of trees</c> (importances, training
/// parameters) does not matter for predicting.
/// </summary>
internal static class LightGbmReader
{
    private const int MaxFeatures = 1_000_000;

    /// <summary>Reads a model.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> or <see cref="ErrorCode.NotSupported"/>.</exception>
    public static LightGbmModel Read(ReadOnlySpan<byte> text)
    {
        Dictionary<string, string> head = ReadSection(ref text, out string? next);
        if (!head.TryGetValue("version", out string? version))
        {
            throw Invalid("the head has no 'version'");
        }

        int features = Integer(head, "max_feature_idx") + 1;
        int perIteration = Integer(head, "num_tree_per_iteration");
        if (features is < 1 or > MaxFeatures || perIteration is < 1 or > MaxFeatures)
        {
            throw Invalid($"{features} features and {perIteration} trees in an iteration");
        }

        string[] names = head.TryGetValue("feature_names", out string? list) ? list.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
        List<LightGbmTree> trees = [];
        while (next is not null && next.StartsWith("Tree=", StringComparison.Ordinal))
        {
            Dictionary<string, string> section = ReadSection(ref text, out next);
            trees.Add(ReadTree(section, trees.Count, features));
        }

        if (next is null)
        {
            throw Invalid("it ends before 'end of trees'");
        }

        if (trees.Count % perIteration != 0)
        {
            throw Invalid($"{trees.Count} trees are no whole number of iterations of {perIteration}");
        }

        return new LightGbmModel
        {
            Version = version,
            TreesPerIteration = perIteration,
            Objective = head.GetValueOrDefault("objective", ""),
            IsAveraged = head.ContainsKey("average_output"),
            FeatureNames = names.Length == features ? names : [.. Enumerable.Range(0, features).Select(static i => $"Column_{i}")],
            Trees = trees,
        };
    }

    // Reads lines up to the next section's first line, which it gives back; null at the end of the file.
    private static Dictionary<string, string> ReadSection(ref ReadOnlySpan<byte> text, out string? next)
    {
        Dictionary<string, string> section = new(StringComparer.Ordinal);
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = (end < 0 ? text : text[..end]).TrimEnd((byte)'\r').TrimEnd((byte)' ');
            text = end < 0 ? [] : text[(end + 1)..];
            if (line.StartsWith("Tree="u8) || line.SequenceEqual("end of trees"u8))
            {
                next = Encoding.UTF8.GetString(line);
                return section;
            }

            int equals = line.IndexOf((byte)'=');
            string key = Encoding.UTF8.GetString(equals < 0 ? line : line[..equals]);
            if (key.Length > 0)
            {
                section[key] = equals < 0 ? "" : Encoding.UTF8.GetString(line[(equals + 1)..]);
            }
        }

        next = null;
        return section;
    }

    private static LightGbmTree ReadTree(Dictionary<string, string> section, int index, int features)
    {
        int leaves = Integer(section, "num_leaves");
        int branches = leaves - 1;
        bool hasCategories = section.GetValueOrDefault("num_cat", "0") != "0";
        LightGbmTree tree = new()
        {
            LeafValue = Numbers<double>(section, "leaf_value", leaves, index),
            SplitFeature = Numbers<int>(section, "split_feature", branches, index),
            Threshold = Numbers<double>(section, "threshold", branches, index),
            DecisionType = section.ContainsKey("decision_type") ? Numbers<int>(section, "decision_type", branches, index) : new int[Math.Max(branches, 0)],
            LeftChild = Numbers<int>(section, "left_child", branches, index),
            RightChild = Numbers<int>(section, "right_child", branches, index),
            CategoryBoundaries = hasCategories ? Numbers<int>(section, "cat_boundaries", -1, index) : [],
            CategoryBits = hasCategories ? Numbers<uint>(section, "cat_threshold", -1, index) : [],
            Linear = section.GetValueOrDefault("is_linear", "0") != "0" ? ReadLinear(section, leaves, index, features) : null,
        };
        return tree.SplitFeature.All(feature => feature >= 0 && feature < features)
            ? tree
            : throw Invalid($"tree {index} splits on a feature that the model does not have");
    }

    // Features and coefficients of all leaves one after the other; how many are whose is said apart.
    private static LightGbmLinearLeaves ReadLinear(Dictionary<string, string> section, int leaves, int index, int features)
    {
        int[] counts = Numbers<int>(section, "num_features", leaves, index);
        int all = 0;
        foreach (int count in counts)
        {
            all = count >= 0 && count <= features ? checked(all + count) : throw Invalid($"tree {index} has a leaf of {count} features");
        }

        int[] names = Numbers<int>(section, "leaf_features", all, index);
        double[] coefficients = Numbers<double>(section, "leaf_coeff", all, index);
        if (names.Any(feature => feature < 0 || feature >= features))
        {
            throw Invalid($"tree {index} has a leaf with a feature that the model does not have");
        }

        int[][] featuresOf = new int[leaves][];
        double[][] coefficientsOf = new double[leaves][];
        int start = 0;
        for (int leaf = 0; leaf < leaves; leaf++)
        {
            int end = start + counts[leaf];
            (featuresOf[leaf], coefficientsOf[leaf]) = (names[start..end], coefficients[start..end]);
            start = end;
        }

        return new LightGbmLinearLeaves(Numbers<double>(section, "leaf_const", leaves, index), featuresOf, coefficientsOf);
    }

    private static T[] Numbers<T>(Dictionary<string, string> section, string key, int count, int tree)
        where T : struct, INumber<T>
    {
        if (count == 0)
        {
            return [];
        }

        if (!section.TryGetValue(key, out string? text))
        {
            throw Invalid($"tree {tree} has no '{key}'");
        }

        List<T> values = [];
        foreach (Range range in text.AsSpan().Split(' '))
        {
            ReadOnlySpan<char> item = text.AsSpan(range);
            if (item.IsEmpty)
            {
                continue;
            }

            values.Add(T.TryParse(item, NumberStyles.Float, CultureInfo.InvariantCulture, out T value)
                ? value
                : throw Invalid($"tree {tree}: '{key}' holds something that is no number"));
        }

        return count < 0 || values.Count == count
            ? [.. values]
            : throw Invalid($"tree {tree}: '{key}' has {values.Count} numbers where {count} are expected");
    }

    private static int Integer(Dictionary<string, string> section, string key) =>
        section.TryGetValue(key, out string? text) && int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw Invalid($"'{key}' is missing or no whole number");

    private static SlipwayException Invalid(string problem) => new(ErrorCode.InvalidModel, $"the LightGBM model is damaged: {problem}");
}
